// The floor that a closed loop can be compared with: HTTP/1.1 keep-alive on raw epoll, one thread, no
// recording. Fair to both sides: a real request, a real (if minimal) look at the response head and its
// Content-Length, and three system calls a request (send, recv, and a share of epoll_wait).
//
// usage: bare_epoll IPV4 PORT CONNECTIONS SECONDS [PATH]; prints the number of answered requests.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t kBufferSize = 16 * 1024;

struct Connection {
    int socket = -1;
    std::size_t filled = 0;
    std::size_t body_left = 0;  // of a response whose head has been read
    bool in_body = false;
    std::array<char, kBufferSize> buffer{};
};

[[noreturn]] void die(const char* what) {
    std::fprintf(stderr, "bare_epoll: %s: %s\n", what, std::strerror(errno));
    std::exit(1);
}

double now_seconds() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

int connect_to(const sockaddr_in& address) {
    const int socket_fd = socket(AF_INET, SOCK_STREAM, 0);
    if (socket_fd < 0) die("socket");
    const int on = 1;
    setsockopt(socket_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(socket_fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) die("connect");
    return socket_fd;
}

std::size_t content_length(std::string_view head) {
    constexpr std::string_view kName = "\r\ncontent-length: ";
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
        if (head.size() - at > kName.size() &&
            strncasecmp(head.data() + at, kName.data(), kName.size()) == 0) {
            std::size_t value = 0;
            std::from_chars(head.data() + at + kName.size(), head.data() + head.size(), value);
            return value;
        }
    }
    std::fputs("bare_epoll: a response without Content-Length\n", stderr);
    std::exit(1);
}

// Consumes what has arrived; true when a response is complete. Responses never overlap: there is no
// pipelining.
bool consume(Connection& connection) {
    if (!connection.in_body) {
        const std::string_view seen(connection.buffer.data(), connection.filled);
        const std::size_t end = seen.find("\r\n\r\n");
        if (end == std::string_view::npos) return false;
        if (!seen.starts_with("HTTP/1.1 200")) {
            std::fputs("bare_epoll: a response other than 200\n", stderr);
            std::exit(1);
        }
        connection.in_body = true;
        connection.body_left = content_length(seen.substr(0, end + 2));
        connection.filled -= end + 4;
    }
    connection.body_left -= connection.filled;
    connection.filled = 0;
    if (connection.body_left > 0) return false;
    connection.in_body = false;
    return true;
}

void send_request(const Connection& connection, std::string_view request) {
    if (send(connection.socket, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
        die("send");
    }
}

// Edge-triggered: a short read proves that the socket is empty, so no second recv is needed to see EAGAIN.
bool receive(Connection& connection) {
    const std::size_t room = kBufferSize - connection.filled;
    const ssize_t got =
        recv(connection.socket, connection.buffer.data() + connection.filled, room, MSG_DONTWAIT);
    if (got == 0) {
        errno = ECONNRESET;
        die("recv");
    }
    if (got < 0) {
        if (errno == EAGAIN) return false;
        die("recv");
    }
    connection.filled += static_cast<std::size_t>(got);
    return consume(connection) || (static_cast<std::size_t>(got) == room && receive(connection));
}

std::uint64_t run(std::vector<Connection>& connections, int epoll, std::string_view request, double seconds) {
    std::uint64_t answered = 0;
    std::array<epoll_event, 256> events{};
    const double end = now_seconds() + seconds;
    for (const Connection& connection : connections) send_request(connection, request);
    while (now_seconds() < end) {
        const int ready = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), 100);
        for (int i = 0; i < ready; ++i) {
            auto& connection = *static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
            if (receive(connection)) {
                ++answered;
                send_request(connection, request);
            }
        }
    }
    return answered;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 5) {
        std::fputs("usage: bare_epoll IPV4 PORT CONNECTIONS SECONDS [PATH]\n", stderr);
        return 2;
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[2])));
    inet_pton(AF_INET, argv[1], &address.sin_addr);
    const std::string path = argc > 5 ? argv[5] : "/";
    const std::string request =
        "GET " + path + " HTTP/1.1\r\nHost: " + argv[1] + ":" + argv[2] + "\r\nUser-Agent: bare\r\n\r\n";

    std::vector<Connection> connections(static_cast<std::size_t>(std::atoi(argv[3])));
    const int epoll = epoll_create1(0);
    for (Connection& connection : connections) {
        connection.socket = connect_to(address);
        epoll_event event{};
        event.events = EPOLLIN | EPOLLET;
        event.data.ptr = &connection;
        epoll_ctl(epoll, EPOLL_CTL_ADD, connection.socket, &event);
    }
    const std::uint64_t answered = run(connections, epoll, request, std::atof(argv[4]));
    std::printf("%llu\n", static_cast<unsigned long long>(answered));
    return 0;
}
