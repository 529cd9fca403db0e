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

namespace {

bool is_public_v4(std::uint32_t address) {
    const auto in_net = [address](std::uint32_t net, int bits) {
        return (address ^ net) >> (32 - bits) == 0;
    };
    return !in_net(0x00000000, 8) && !in_net(0x0a000000, 8) && !in_net(0x64400000, 10) &&
           !in_net(0x7f000000, 8) && !in_net(0xa9fe0000, 16) && !in_net(0xac100000, 12) &&
           !in_net(0xc0a80000, 16);
}

bool is_public_v6(const in6_addr& address) {
    const auto* bytes = address.s6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&address)) {
        return is_public_v4(std::uint32_t{bytes[12]} << 24 | std::uint32_t{bytes[13]} << 16 |
                            std::uint32_t{bytes[14]} << 8 | bytes[15]);
    }
    const bool unique_local = (bytes[0] & 0xfe) == 0xfc;
    const bool link_local = bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
    return !IN6_IS_ADDR_LOOPBACK(&address) && !IN6_IS_ADDR_UNSPECIFIED(&address) && !unique_local &&
           !link_local;
}

}  // namespace

bool Address::is_public() const {
    if (family() == AF_INET) {
        return is_public_v4(ntohl(reinterpret_cast<const sockaddr_in*>(data())->sin_addr.s_addr));
    }
    return family() == AF_INET6 && is_public_v6(reinterpret_cast<const sockaddr_in6*>(data())->sin6_addr);
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
