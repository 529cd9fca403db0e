// A blocking TCP client for tests of the server.
#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <string_view>

namespace loadgen::services::platform::test {

/// A blocking client that gives up after 20 s.
class RawClient {
  public:
    /// `window_bytes` above 0: a receive buffer of about this size.
    explicit RawClient(std::uint16_t port, int window_bytes = 0)
        : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        if (window_bytes > 0) {
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &window_bytes, sizeof window_bytes);
        }
        timeval patience{20, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    }
    ~RawClient() { close(); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    void close() {
        if (socket_ >= 0) ::close(socket_);
        socket_ = -1;
    }
    void send(std::string_view bytes) {
        EXPECT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(bytes.size()));
    }
    bool hears_nothing_for(int milliseconds) {
        pollfd watched{socket_, POLLIN, 0};
        return ::poll(&watched, 1, milliseconds) == 0;
    }
    /// One receive; empty at the end of the stream.
    std::string receive(std::size_t most = 65536) {
        std::string bytes(most, '\0');
        const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
        EXPECT_GE(got, 0) << "nothing came for 20 s, or a reset";
        bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return bytes;
    }
    /// Receives until what came ends with `tail`, or the stream ends.
    std::string receive_until(std::string_view tail) {
        std::string all;
        for (std::string part = receive(); !part.empty(); part = receive()) {
            all += part;
            if (all.ends_with(tail)) break;
        }
        return all;
    }
    std::string receive_to_end() {
        std::string all;
        for (std::string part = receive(); !part.empty(); part = receive()) all += part;
        return all;
    }

  private:
    int socket_;
};

}  // namespace loadgen::services::platform::test
