// A DNS server (RFC 1035) on a loopback UDP port, on a thread of its own.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace loadgen::io::test {

/// Answers every A question with `addresses` and every other with none, or behaves badly.
class DnsResponder {
  public:
    enum class Mood : std::uint8_t { kAnswers, kNoSuchName, kServerFailure, kSilent };

    explicit DnsResponder(Mood mood, std::vector<std::string> addresses = {"127.0.0.9"})
        : mood_(mood), addresses_(std::move(addresses)), fd_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in name{};
        name.sin_family = AF_INET;
        name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        bind(fd_, reinterpret_cast<const sockaddr*>(&name), sizeof name);
        socklen_t size = sizeof name;
        getsockname(fd_, reinterpret_cast<sockaddr*>(&name), &size);
        port_ = ntohs(name.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ~DnsResponder() {
        stopping_ = true;
        const sockaddr_in name = own_name();
        sendto(fd_, "", 0, 0, reinterpret_cast<const sockaddr*>(&name), sizeof name);
        thread_.join();
        ::close(fd_);
    }
    std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
    /// A questions so far.
    int questions() const { return questions_; }

  private:
    sockaddr_in own_name() const {
        sockaddr_in name{};
        name.sin_family = AF_INET;
        name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        name.sin_port = htons(port_);
        return name;
    }

    void run() {
        while (!stopping_) {
            std::string message(1500, '\0');
            sockaddr_in from{};
            socklen_t size = sizeof from;
            const auto length =
                recvfrom(fd_, message.data(), message.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
            if (length < 17) continue;
            message.resize(static_cast<std::size_t>(length));
            const std::string answer = respond(message);
            if (answer.empty()) continue;
            sendto(fd_, answer.data(), answer.size(), 0, reinterpret_cast<const sockaddr*>(&from), size);
        }
    }

    std::string respond(const std::string& query) {
        std::size_t end = 12;  // behind the header: the name, label by label
        while (end < query.size() && query[end] != 0) end += static_cast<std::uint8_t>(query[end]) + 1U;
        if (end + 5 > query.size()) return {};
        const bool asks_for_v4 = query[end + 2] == 1;
        if (asks_for_v4) ++questions_;
        if (mood_ == Mood::kSilent) return {};
        const std::size_t answers = mood_ == Mood::kAnswers && asks_for_v4 ? addresses_.size() : 0;
        const char code = mood_ == Mood::kNoSuchName ? 3 : mood_ == Mood::kServerFailure ? 2 : 0;
        std::string out = query.substr(0, 2);  // id
        out += std::string{'\x85', static_cast<char>('\x80' | code)};
        out += std::string("\0\1\0", 3) + static_cast<char>(answers) + std::string(4, '\0');
        out += query.substr(12, end + 5 - 12);
        for (std::size_t i = 0; i < answers; ++i) {
            out +=
                std::string("\xc0\x0c\0\1\0\1\0\0\0\1\0\4", 12);  // the name again, A, IN, TTL 1 s, 4 bytes
            in_addr address{};
            inet_pton(AF_INET, addresses_[i].c_str(), &address);
            out.append(reinterpret_cast<const char*>(&address), 4);
        }
        return out;
    }

    Mood mood_;
    std::vector<std::string> addresses_;
    int fd_;
    std::uint16_t port_ = 0;
    std::atomic<int> questions_{0};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace loadgen::io::test
