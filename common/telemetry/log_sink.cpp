#include "common/telemetry/log_sink.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

namespace loadgen::telemetry {
namespace {

constexpr int kPollMilliseconds = 1000;

std::string dropped_line(std::uint64_t count) {
    return "{\"level\":\"warn\",\"message\":\"log lines dropped\",\"count\":" + std::to_string(count) + "}\n";
}

}  // namespace

DescriptorLogSink::DescriptorLogSink(int descriptor, std::size_t max_waiting_bytes)
    : descriptor_(descriptor), max_waiting_bytes_(max_waiting_bytes), thread_([this] { run(); }) {}

DescriptorLogSink::~DescriptorLogSink() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void DescriptorLogSink::write_line(std::string_view line) {
    bool was_empty = false;
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() + line.size() > max_waiting_bytes_) {
            ++dropped_;
            return;
        }
        was_empty = waiting_.empty();
        waiting_ += line;
    }
    if (was_empty) wake_.notify_one();
}

void DescriptorLogSink::run() {
    std::string writing;
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty() && dropped_ == 0) return;
        writing.clear();
        writing.swap(waiting_);
        if (dropped_ > 0) writing += dropped_line(std::exchange(dropped_, 0));
        lock.unlock();
        const bool alive = write_all(writing);
        lock.lock();
        if (!alive) {
            // The reader is gone for good; further lines have nowhere to go.
            wake_.wait(lock, [this] {
                waiting_.clear();
                return stopping_;
            });
            return;
        }
    }
}

bool DescriptorLogSink::write_all(std::string_view bytes) {
    while (!bytes.empty()) {
        if (!wait_until_writable()) return false;
        // A pipe that polls writable takes this much without blocking.
        const std::size_t part = std::min<std::size_t>(bytes.size(), PIPE_BUF);
        const ssize_t written = ::write(descriptor_, bytes.data(), part);
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR && errno != EAGAIN) {
            return false;
        }
    }
    return true;
}

bool DescriptorLogSink::wait_until_writable() {
    for (;;) {
        pollfd watched{descriptor_, POLLOUT, 0};
        const int ready = ::poll(&watched, 1, kPollMilliseconds);
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
        const std::lock_guard lock(mutex_);
        if (stopping_) return false;
    }
}

}  // namespace loadgen::telemetry
