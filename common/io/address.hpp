// A socket address as a value: IPv4, IPv6 or a unix socket path.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::io {

/// Copyable, comparable by bytes. Default-constructed it is empty (family AF_UNSPEC).
class Address {
  public:
    Address() = default;

    /// From an IP literal ("127.0.0.1", "::1"; no brackets). None when `text` is not one.
    static std::optional<Address> from_ip(std::string_view text, std::uint16_t port);
    /// A unix socket path; kLimit when longer than the system allows (107 bytes).
    static Result<Address> from_unix_path(std::string_view path);
    static Address from_native(const sockaddr* native, socklen_t size);

    int family() const { return storage_.header.sa_family; }
    bool empty() const { return family() == AF_UNSPEC; }
    std::uint16_t port() const;  ///< 0 for unix sockets
    Address with_port(std::uint16_t port) const;
    /// True for addresses of the public internet: not loopback, link-local, private (RFC 1918, RFC 4193) or
    /// shared (RFC 6598), and not a unix socket.
    bool is_public() const;
    /// "127.0.0.1:80", "[::1]:80", or the path.
    std::string text() const;

    const sockaddr* data() const { return &storage_.header; }
    socklen_t size() const { return size_; }
    friend bool operator==(const Address& a, const Address& b);

  private:
    union Storage {
        sockaddr header;
        sockaddr_storage any;
        sockaddr_un local;
    };
    Storage storage_{.any = {}};
    socklen_t size_ = 0;
};

}  // namespace loadgen::io
