#include "tests/support/scripted_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <deque>

#include "common/http/http1_parser.hpp"

namespace loadgen::test {
namespace {

void require(bool holds, const char* what) {
    if (holds) return;
    std::perror(what);
    std::abort();
}

class Collector final : public http::Http1Events {
  public:
    void on_head(const http::Http1Head& head) override {
        request = {};
        request.method = head.method;
        request.target = head.target;
        for (const http::HeaderView& header : head.headers) {
            request.headers.push_back({std::string(header.name), std::string(header.value)});
        }
    }
    void on_body(std::string_view bytes) override { request.body += bytes; }
    void on_message_end() override { complete.push_back(request); }

    http::Request request;
    std::deque<http::Request> complete;
};

bool send_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

}  // namespace

ScriptedAnswer scripted(int status, const std::string& body, const http::Headers& headers) {
    std::string bytes = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n";
    for (const http::Header& header : headers) bytes += header.name + ": " + header.value + "\r\n";
    return {bytes + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
}

ScriptedServer::ScriptedServer(Handler handler) : handler_(std::move(handler)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    require(::bind(listener_, generic, length) == 0 && ::listen(listener_, 64) == 0, "listen");
    require(::getsockname(listener_, generic, &length) == 0, "getsockname");
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        for (const int descriptor : open_) ::shutdown(descriptor, SHUT_RDWR);
    }
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    ::close(listener_);
}

std::string ScriptedServer::url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
}

int ScriptedServer::connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
}

void ScriptedServer::wait_for_requests(int count) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return requests_ >= count; });
}

void ScriptedServer::accept_all() {
    for (;;) {
        const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        const std::lock_guard lock(mutex_);
        if (descriptor < 0 || stopping_) {
            if (descriptor >= 0) ::close(descriptor);
            return;
        }
        open_.insert(descriptor);
        threads_.emplace_back([this, descriptor, number = ++connections_] { serve(descriptor, number); });
    }
}

void ScriptedServer::serve(int descriptor, int connection) {
    Collector collector;
    http::Http1Parser parser(http::Http1Parser::Mode::kRequest, collector);
    std::string buffer(64 * 1024, '\0');
    bool open = true;
    while (open) {
        const ssize_t length = ::recv(descriptor, buffer.data(), buffer.size(), 0);
        if (length <= 0) break;
        parser.feed({buffer.data(), static_cast<std::size_t>(length)});
        for (; open && !collector.complete.empty(); collector.complete.pop_front()) {
            open = answer(descriptor, collector.complete.front(), connection);
        }
    }
    const std::lock_guard lock(mutex_);
    open_.erase(descriptor);
    ::close(descriptor);
}

bool ScriptedServer::answer(int descriptor, const http::Request& request, int connection) {
    {
        const std::lock_guard lock(mutex_);
        ++requests_;
    }
    arrived_.notify_all();
    const ScriptedAnswer answer = handler_(request, connection);
    if (answer.then == ScriptedAnswer::Then::kSilence) return true;
    const bool sent = send_all(descriptor, answer.bytes);
    if (answer.then == ScriptedAnswer::Then::kReset) {
        const linger now{1, 0};
        ::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    return sent && answer.then == ScriptedAnswer::Then::kKeep;
}

}  // namespace loadgen::test
