#include "common/io/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstddef>
#include <cstring>

namespace loadgen::io {

std::optional<Address> Address::from_ip(std::string_view text, std::uint16_t port) {
    const std::string copy(text);
    sockaddr_in v4{};
    if (inet_pton(AF_INET, copy.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        return from_native(reinterpret_cast<const sockaddr*>(&v4), sizeof v4);
    }
    sockaddr_in6 v6{};
    if (inet_pton(AF_INET6, copy.c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(port);
        return from_native(reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
    }
    return std::nullopt;
}

Result<Address> Address::from_unix_path(std::string_view path) {
    Address address;
    sockaddr_un& local = address.storage_.local;
    if (path.empty() || path.size() >= sizeof local.sun_path) {
        return Error{ErrorCode::kLimit, "unix socket path \"" + std::string(path) + "\": must have 1 to " +
                                            std::to_string(sizeof local.sun_path - 1) + " bytes"};
    }
    local.sun_family = AF_UNIX;
    std::memcpy(local.sun_path, path.data(), path.size());
    address.size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
    return address;
}

Address Address::from_native(const sockaddr* native, socklen_t size) {
    Address address;
    if (size > sizeof address.storage_) return address;
    std::memcpy(&address.storage_, native, size);
    address.size_ = size;
    return address;
}

std::uint16_t Address::port() const {
    if (family() == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in*>(data())->sin_port);
    if (family() == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(data())->sin6_port);
    return 0;
}

Address Address::with_port(std::uint16_t port) const {
    Address copy = *this;
    auto* native = reinterpret_cast<sockaddr*>(&copy.storage_);
    if (family() == AF_INET) reinterpret_cast<sockaddr_in*>(native)->sin_port = htons(port);
    if (family() == AF_INET6) reinterpret_cast<sockaddr_in6*>(native)->sin6_port = htons(port);
    return copy;
}

std::string Address::text() const {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    switch (family()) {
        case AF_INET:
            inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(data())->sin_addr, buffer.data(),
                      buffer.size());
            return std::string(buffer.data()) + ':' + std::to_string(port());
        case AF_INET6:
            inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(data())->sin6_addr, buffer.data(),
                      buffer.size());
            return '[' + std::string(buffer.data()) + "]:" + std::to_string(port());
        case AF_UNIX:
            return storage_.local.sun_path;
        default:
            return {};
    }
}

bool operator==(const Address& a, const Address& b) {
    return a.size_ == b.size_ && std::memcmp(&a.storage_, &b.storage_, a.size_) == 0;
}

}  // namespace loadgen::io
