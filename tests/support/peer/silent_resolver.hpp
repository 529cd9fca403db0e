// A DNS server that never answers.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace loadgen::test {

/// A UDP port of 127.0.0.1 that takes what it is sent, for the life of the object.
class SilentResolver {
  public:
    SilentResolver() : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in name{};
        name.sin_family = AF_INET;
        name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        bind(fd_, reinterpret_cast<const sockaddr*>(&name), sizeof name);
        socklen_t size = sizeof name;
        getsockname(fd_, reinterpret_cast<sockaddr*>(&name), &size);
        address_ = "127.0.0.1:" + std::to_string(ntohs(name.sin_port));
    }
    ~SilentResolver() { ::close(fd_); }
    SilentResolver(const SilentResolver&) = delete;
    SilentResolver& operator=(const SilentResolver&) = delete;

    const std::string& address() const { return address_; }

  private:
    int fd_;
    std::string address_;
};

}  // namespace loadgen::test
