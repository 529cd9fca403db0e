#include "services/supervisor/control_client.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "common/text/json_reader.hpp"
#include "services/supervisor/control_socket.hpp"

namespace loadgen::services::supervisor {
namespace {

constexpr std::size_t kMaxLine = 1 << 20;

Result<void> send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return errno_error("cannot send to the supervisor", errno);
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
}

/// The text of {"error":"..."}; empty for other lines.
std::string refusal(std::string_view line) {
    text::JsonDocument document({.max_bytes = kMaxLine, .max_depth = 8});
    const auto root = document.parse(line);
    if (!root || root->find("event")) return {};
    const auto error = root->find("error");
    return error ? std::string(error->as_string().value_or("")) : std::string();
}

Result<void> read_lines(int socket, const std::function<void(std::string_view)>& use) {
    std::string pending;
    std::array<char, 16 * 1024> buffer{};
    bool any = false;
    for (;;) {
        const ssize_t got = ::recv(socket, buffer.data(), buffer.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errno_error("cannot hear the supervisor", errno);
        if (got == 0) break;
        pending.append(buffer.data(), static_cast<std::size_t>(got));
        for (auto end = pending.find('\n'); end != std::string::npos; end = pending.find('\n')) {
            const std::string line = pending.substr(0, end);
            pending.erase(0, end + 1);
            any = true;
            const std::string refused = refusal(line);
            if (!refused.empty()) return Error{ErrorCode::kUsage, refused};
            use(line);
        }
        if (pending.size() > kMaxLine) break;
    }
    if (any && pending.empty()) return {};
    return Error{ErrorCode::kIo, "the supervisor left before it had answered"};
}

}  // namespace

Result<void> ask_supervisor(const std::string& data, const Request& request,
                            const std::function<void(std::string_view line)>& line) {
    const auto socket = connect_to_control(data);
    if (!socket) return socket.error();
    auto done = send_all(*socket, write_request(request));
    if (done) done = read_lines(*socket, line);
    ::close(*socket);
    return done;
}

}  // namespace loadgen::services::supervisor
