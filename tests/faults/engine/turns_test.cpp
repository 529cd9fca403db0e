// A large body leaves in turns with everything else on its thread. The socket below takes whatever it is
// given, as one with a fast reader does, so nothing but the engine itself ends a turn.
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string_view>

#include "tests/faults/engine/engine_run.hpp"

namespace {

/// What the thread that sends the large body does. Only that thread writes it, and the test reads it after.
struct Upload {
    int fd = -1;
    std::size_t bytes = 0;
    std::size_t of_turn = 0;
    std::size_t most_of_turn = 0;
    std::size_t turns = 0;
};
Upload upload;
thread_local bool uploads = false;

void end_turn() {
    if (!uploads) return;
    ++upload.turns;
    upload.of_turn = 0;
}

bool take(int fd, std::string_view bytes) {
    if (bytes.starts_with("POST /large ")) {
        upload.fd = fd;
        uploads = true;
    }
    if (!uploads || fd != upload.fd) return false;
    upload.bytes += bytes.size();
    upload.of_turn += bytes.size();
    upload.most_of_turn = std::max(upload.most_of_turn, upload.of_turn);
    return true;
}

}  // namespace

// In front of the C library's own.
extern "C" {
ssize_t send(int fd, const void* data, std::size_t size, int flags) {
    if (take(fd, {static_cast<const char*>(data), size})) return static_cast<ssize_t>(size);
    return sendto(fd, data, size, flags, nullptr, 0);
}
int epoll_pwait2(int fd, epoll_event* events, int most, const timespec* timeout, const sigset_t* mask) {
    end_turn();
    return static_cast<int>(syscall(SYS_epoll_pwait2, fd, events, most, timeout, mask, _NSIG / 8));
}
int epoll_wait(int fd, epoll_event* events, int most, int timeout) {
    end_turn();
    return epoll_pwait(fd, events, most, timeout, nullptr);
}
}

namespace loadgen::engine::test {
namespace {

// bug: a body went out in one piece when the socket took it, and everything else on the thread had to wait.
TEST(Turns, ALargeBodyLeavesRoomForOthers) {
    constexpr std::size_t kBody = 8 * 1024 * 1024;
    PeerServer server(always(Deed::kAnswer));
    plan::RunPlan plan = closed_plan(server.url(), 2, 2);
    plan.requests = std::make_shared<FixedSource>(
        std::vector{get(server.url("/large"), "POST", std::string(kBody, 'x')), get(server.url("/small"))});
    plan.connections.timeout = 500 * kMillisecond;  // the server never sees the body
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "ok 1, timeout 1");
    EXPECT_GT(upload.bytes, kBody);
    EXPECT_LE(upload.most_of_turn, 320U * 1024);
    EXPECT_GE(upload.turns, kBody / (320 * 1024));
}

}  // namespace
}  // namespace loadgen::engine::test
