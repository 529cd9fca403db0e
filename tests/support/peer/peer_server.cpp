#include "tests/support/peer/peer_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>

#include "tests/support/peer/h2_frames.hpp"

namespace loadgen::test {
namespace {

constexpr std::string_view kHalfBody = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";

std::string_view http1_bytes(Deed deed) {
    switch (deed) {
        case Deed::kAnswer:
            return "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
        case Deed::kAnswerAndClose:
            return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";
        case Deed::kInterim:
            return "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
                   "5\r\n\r\nhello";
        case Deed::kResetInBody:
        case Deed::kTruncate:
        case Deed::kStallInBody:
            return kHalfBody;
        case Deed::kTruncateChunked:
            return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
        case Deed::kGarbage:
            return "220 mail.example ESMTP\r\n\r\n";
        case Deed::kThrottle:
            return "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n";
        case Deed::kRetryAfter:
            return "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
        case Deed::kUnavailable:
            return "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
        case Deed::kNotFound:
            return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
        default:
            return {};
    }
}

std::string redirect(const std::string& location) {
    return "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
}

enum class After : std::uint8_t { kGoOn, kClose, kReset };

After after(Deed deed) {
    switch (deed) {
        case Deed::kAnswerAndClose:
        case Deed::kCloseBeforeByte:
        case Deed::kTruncate:
        case Deed::kTruncateChunked:
        case Deed::kGarbage:
        case Deed::kGoawayLost:
        case Deed::kGoawayRetryable:
            return After::kClose;
        case Deed::kResetBeforeByte:
        case Deed::kResetInBody:
            return After::kReset;
        default:
            return After::kGoOn;
    }
}

std::string http2_bytes(Deed deed, std::uint32_t stream) {
    switch (deed) {
        case Deed::kAnswer:
            return h2::head(stream, "200", false) + h2::data(stream, "hello", true);
        case Deed::kInterim:
            return h2::head(stream, "103", false) + h2::head(stream, "200", true);
        case Deed::kResetInBody:
        case Deed::kTruncate:
        case Deed::kStallInBody:
            return h2::head(stream, "200", false) + h2::data(stream, "hello", false);
        case Deed::kGarbage:
            return "220 mail.example ESMTP\r\n\r\n";
        case Deed::kThrottle:
            return h2::head(stream, "429", true);
        case Deed::kRetryAfter:
            return h2::head(stream, "503", true, h2::literal("retry-after", "1"));
        case Deed::kUnavailable:
            return h2::head(stream, "503", true);
        case Deed::kNotFound:
            return h2::head(stream, "404", true);
        case Deed::kAnswerAndGoaway:
            return h2::goaway(stream) + h2::head(stream, "200", true);
        case Deed::kGoawayLost:
            return h2::goaway(stream);
        case Deed::kGoawayRetryable:
            return h2::goaway(stream - 1);
        case Deed::kRefuseStream:
            return h2::rst_stream(stream, h2::kRefusedStream);
        case Deed::kResetStream:
            return h2::rst_stream(stream, h2::kInternalError);
        default:
            return {};
    }
}

/// Removes one whole request from the front of `bytes`. False when it is not complete.
bool take_http1_request(std::string& bytes) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    std::size_t size = end + 4;
    const std::string_view head = std::string_view(bytes).substr(0, size);
    if (const auto length = head.find("\r\nContent-Length: "); length != std::string_view::npos) {
        size += std::strtoull(bytes.c_str() + length + 18, nullptr, 10);
    } else if (head.find("\r\nTransfer-Encoding: chunked") != std::string_view::npos) {
        const auto last = bytes.find("0\r\n\r\n", size);
        if (last == std::string::npos) return false;
        size = last + 5;
    }
    if (bytes.size() < size) return false;
    bytes.erase(0, size);
    return true;
}

sockaddr_un unix_name(const std::string& path) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, path.data(), path.size());
    return name;
}

int listen_on_unix(const std::string& path, int backlog) {
    const sockaddr_un name = unix_name(path);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (bind(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 || listen(fd, backlog) != 0)
        std::abort();
    return fd;
}

/// An IPv4 or IPv6 address as the one structure that is large enough for both.
sockaddr_in6 ip(const std::string& address, std::uint16_t port) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    if (inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) return v6;
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    inet_pton(AF_INET, address.c_str(), &v4.sin_addr);
    v6 = {};
    std::memcpy(&v6, &v4, sizeof v4);
    return v6;
}

std::uint16_t bound_port(int fd) {
    sockaddr_in6 name{};  // the port is in the same place for both families
    socklen_t size = sizeof name;
    getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size);
    return ntohs(name.sin6_port);
}

/// -1 when this machine has no such address.
int try_bind(const std::string& address) {
    const sockaddr_in6 name = ip(address, 0);
    const int fd = socket(name.sin6_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0) return fd;
    ::close(fd);
    return -1;
}

int bind_to(const std::string& address) {
    const int fd = try_bind(address);
    if (fd < 0) std::abort();
    return fd;
}

}  // namespace

struct PeerServer::Session {
    std::uint64_t number = 0;
    std::uint64_t requests = 0;
    std::string input;
    bool http2 = false;
};

/// The server's thread at work.
class PeerServer::Service {
  public:
    explicit Service(PeerServer& server) : server_(server), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
        watch(server.wake_);
    }
    ~Service() {
        for (const auto& [fd, session] : sessions_) ::close(fd);
        ::close(epoll_);
    }

    void turn() {
        if (server_.accepts_ && !accepts_) {
            watch(server_.listener_);
            accepts_ = true;
        }
        std::array<epoll_event, 64> events;
        const int ready = epoll_wait(epoll_, events.data(), events.size(), -1);
        for (int i = 0; i < ready; ++i) {
            const int fd = events[static_cast<std::size_t>(i)].data.fd;
            if (fd == server_.wake_) {
                eventfd_t count = 0;
                eventfd_read(fd, &count);
                continue;
            }
            // Somebody froze the server meanwhile: nothing more is looked at.
            server_.frozen_.wait(true);
            if (fd == server_.listener_) {
                accept_all();
            } else {
                serve(fd);
            }
        }
    }

  private:
    void watch(int fd) {
        epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
        epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
    }

    void accept_all() {
        for (;;) {
            const int fd = accept4(server_.listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
            if (fd < 0) return;
            const int on = 1;
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            sessions_[fd].number = ++server_.connections_;
            server_.most_open_ = std::max<std::uint64_t>(server_.most_open_, sessions_.size());
            watch(fd);
        }
    }

    void serve(int fd) {
        std::array<char, 16 * 1024> buffer;
        const ssize_t size = recv(fd, buffer.data(), buffer.size(), 0);
        if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (size <= 0) return finish(fd, After::kClose);
        Session& session = sessions_[fd];
        session.input.append(buffer.data(), static_cast<std::size_t>(size));
        if (!session.http2 && session.requests == 0 && session.input.starts_with(h2::kPreface)) {
            session.http2 = true;
            session.input.erase(0, h2::kPreface.size());
            send_all(fd, h2::settings());
        }
        const After then = session.http2 ? serve_http2(fd, session) : serve_http1(fd, session);
        if (then != After::kGoOn) finish(fd, then);
    }

    After serve_http1(int fd, Session& session) {
        while (take_http1_request(session.input)) {
            const Deed deed = decide(session);
            send_all(fd, deed == Deed::kRedirect ? redirect(server_.options_.location) : http1_bytes(deed));
            if (after(deed) != After::kGoOn) return after(deed);
        }
        return After::kGoOn;
    }

    After serve_http2(int fd, Session& session) {
        while (const auto frame = h2::take_frame(session.input)) {
            if (frame->type == h2::kSettings && (frame->flags & h2::kAck) == 0)
                send_all(fd, h2::settings_ack());
            const bool request = (frame->type == h2::kHeaders || frame->type == h2::kData) &&
                                 (frame->flags & h2::kEndStream) != 0;
            if (!request) continue;
            const Deed deed = decide(session);
            send_all(fd, http2_bytes(deed, frame->stream));
            if (after(deed) != After::kGoOn) return after(deed);
        }
        return After::kGoOn;
    }

    Deed decide(Session& session) {
        return server_.script_({session.number, ++session.requests, ++server_.requests_});
    }

    static void send_all(int fd, std::string_view bytes) {
        // Answers are short: they fit the socket's buffer.
        if (!bytes.empty()) static_cast<void>(::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    }

    void finish(int fd, After how) {
        if (how == After::kReset) {
            const linger hard{.l_onoff = 1, .l_linger = 0};
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        }
        ::close(fd);
        sessions_.erase(fd);
    }

    PeerServer& server_;
    int epoll_;
    bool accepts_ = false;
    std::map<int, Session> sessions_;
};

PeerServer::PeerServer(Script script, PeerOptions options)
    : script_(std::move(script)),
      options_(std::move(options)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!options_.unix_path.empty()) {
        listener_ = listen_on_unix(options_.unix_path, options_.accepts ? 1024 : 0);
    } else {
        listener_ = bind_to(options_.address);
        if (listen(listener_, options_.accepts ? 4096 : 0) != 0) std::abort();
        port_ = bound_port(listener_);
    }
    accepts_ = options_.accepts;
    if (!accepts_) fill_backlog();
    thread_ = std::thread([this] { run(); });
}

PeerServer::~PeerServer() {
    stopping_ = true;
    thaw();
    eventfd_write(wake_, 1);
    thread_.join();
    for (const int fd : {listener_, wake_, filler_}) {
        if (fd >= 0) ::close(fd);
    }
}

/// Its one place is taken: further SYNs are dropped, and unix sockets are told to try again.
void PeerServer::fill_backlog() {
    const auto fill = [this](int family, const auto& name) {
        filler_ = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(filler_, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) std::abort();
    };
    if (options_.unix_path.empty()) {
        const sockaddr_in6 name = ip(options_.address, port_);
        fill(name.sin6_family, name);
    } else {
        fill(AF_UNIX, unix_name(options_.unix_path));
    }
}

void PeerServer::make_room() {
    accepts_ = true;
    eventfd_write(wake_, 1);
}

void PeerServer::thaw() {
    frozen_.store(false);
    frozen_.notify_all();
}

std::string PeerServer::url(std::string_view path) const {
    const bool v6 = options_.address.find(':') != std::string::npos;
    return "http://" + (v6 ? '[' + options_.address + ']' : options_.address) + ':' + std::to_string(port_) +
           std::string(path);
}

void PeerServer::run() {
    Service service(*this);
    while (!stopping_) service.turn();
}

bool has_address(const std::string& address) {
    const int fd = try_bind(address);
    if (fd >= 0) ::close(fd);
    return fd >= 0;
}

std::uint16_t unused_port(const std::string& address) {
    const int fd = bind_to(address);
    const std::uint16_t port = bound_port(fd);
    ::close(fd);
    return port;
}

}  // namespace loadgen::test
