// A server that answers bytes with bytes, whatever they are.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace loadgen::test {

/// Serves one connection after the other on 127.0.0.1: to the n-th thing it reads it says the n-th answer.
/// When it has none left it reads no more, and holds the connection until the client is gone. Ends with the
/// object.
class RawPeer {
  public:
    explicit RawPeer(std::vector<std::string> answers)
        : answers_(std::move(answers)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in name{};
        name.sin_family = AF_INET;
        name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        bind(listener_, reinterpret_cast<const sockaddr*>(&name), sizeof name);
        listen(listener_, 64);
        socklen_t size = sizeof name;
        getsockname(listener_, reinterpret_cast<sockaddr*>(&name), &size);
        port_ = ntohs(name.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ~RawPeer() {
        shutdown(listener_, SHUT_RDWR);  // ends the accept
        thread_.join();
        ::close(listener_);
    }
    RawPeer(const RawPeer&) = delete;
    RawPeer& operator=(const RawPeer&) = delete;

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }
    /// What came first on each connection. Read it when the run is over.
    const std::vector<std::string>& heard() const { return heard_; }

  private:
    void run() {
        for (;;) {
            const int fd = accept(listener_, nullptr, nullptr);
            if (fd < 0) return;
            serve(fd);
            ::close(fd);
        }
    }

    void serve(int fd) {
        for (std::size_t turn = 0; turn < answers_.size(); ++turn) {
            std::array<char, 4096> buffer;
            const ssize_t size = recv(fd, buffer.data(), buffer.size(), 0);
            if (size <= 0) return;
            if (turn == 0) heard_.emplace_back(buffer.data(), static_cast<std::size_t>(size));
            static_cast<void>(::send(fd, answers_[turn].data(), answers_[turn].size(), MSG_NOSIGNAL));
        }
        // A client that closes with bytes under way is not seen to go, but its next connection is seen to
        // come.
        std::array<pollfd, 2> either{{{.fd = fd, .events = POLLRDHUP, .revents = 0},
                                      {.fd = listener_, .events = POLLIN, .revents = 0}}};
        poll(either.data(), either.size(), -1);
    }

    std::vector<std::string> answers_;
    int listener_;
    std::uint16_t port_ = 0;
    std::vector<std::string> heard_;
    std::thread thread_;
};

}  // namespace loadgen::test
