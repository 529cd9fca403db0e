#include "services/platform/listen_sockets.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <optional>

#include "common/io/address.hpp"
#include "services/platform/server.hpp"

namespace loadgen::services::platform {
namespace {

constexpr int kFirst = 3;
constexpr int kMax = 64;

std::optional<std::string> take_variable(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr) return std::nullopt;
    std::string text = value;
    ::unsetenv(name);
    return text;
}

std::optional<int> number(const std::string& text) {
    int value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

Result<void> set_flag(int socket, int option, const char* what) {
    const int on = 1;
    if (::setsockopt(socket, SOL_SOCKET, option, &on, sizeof on) != 0) return errno_error(what, errno);
    return {};
}

Result<void> bind_and_listen(int socket, const io::Address& address, const ServerOptions& options) {
    auto done = set_flag(socket, SO_REUSEADDR, "cannot set SO_REUSEADDR");
    if (done && options.reuse_port) done = set_flag(socket, SO_REUSEPORT, "cannot set SO_REUSEPORT");
    if (!done) return done;
    if (::bind(socket, address.data(), address.size()) != 0 || ::listen(socket, options.backlog) != 0) {
        return errno_error("cannot listen on " + address.text(), errno);
    }
    return {};
}

Result<void> adopt(int descriptor) {
    int listens = 0;
    socklen_t size = sizeof listens;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0) {
        return Error{ErrorCode::kUsage,
                     "LISTEN_FDS: descriptor " + std::to_string(descriptor) + " is no listening socket"};
    }
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    return {};
}

}  // namespace

Result<int> open_listen_socket(const ServerOptions& options) {
    const auto address = io::Address::from_ip(options.host, options.port);
    if (!address) {
        return Error{ErrorCode::kUsage,
                     "host \"" + options.host + "\" is not an IP address (like 127.0.0.1 or ::1)"};
    }
    const int socket = ::socket(address->family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket < 0) return errno_error("cannot make a socket", errno);
    auto ready = bind_and_listen(socket, *address, options);
    if (ready) return socket;
    ::close(socket);
    return std::move(ready).error();
}

Result<std::map<std::string, int, std::less<>>> take_listen_sockets() {
    const auto count_text = take_variable("LISTEN_FDS");
    const auto process_text = take_variable("LISTEN_PID");
    const auto names = take_variable("LISTEN_FDNAMES");
    std::map<std::string, int, std::less<>> sockets;
    if (!count_text || !process_text || number(*process_text) != ::getpid()) return sockets;
    const auto count = number(*count_text);
    if (!count || *count > kMax) {
        return Error{ErrorCode::kUsage, "LISTEN_FDS: \"" + *count_text + "\" must be a number from 0 to " +
                                            std::to_string(kMax)};
    }
    std::string_view rest = names ? std::string_view(*names) : std::string_view();
    for (int i = 0; i < *count; ++i) {
        const auto colon = rest.find(':');
        const std::string name(rest.substr(0, colon));
        rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
        if (!sockets.emplace(name, kFirst + i).second) {
            return Error{ErrorCode::kUsage,
                         "LISTEN_FDNAMES: " + (name.empty() ? "fewer names than sockets"
                                                            : "the name \"" + name + "\" comes twice")};
        }
        auto done = adopt(kFirst + i);
        if (!done) return std::move(done).error();
    }
    return sockets;
}

}  // namespace loadgen::services::platform
