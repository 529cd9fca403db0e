#include "loadgen/cli/results/patient_input.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "loadgen/cli/interrupt.hpp"

namespace loadgen::cli {

Ticker::Ticker(Nanos pace, std::function<void()> action)
    : pace_(pace), action_(std::move(action)), due_(system_clock().now() + pace) {}

void Ticker::poll() {
    if (pace_ <= Nanos(0)) return;
    const Instant now = system_clock().now();
    if (now < due_) return;
    action_();
    due_ = std::max(due_ + pace_, now);
}

int Ticker::milliseconds_left() const {
    if (pace_ <= Nanos(0)) return -1;
    constexpr std::int64_t kMilli = 1'000'000;
    const std::int64_t left = std::max<std::int64_t>(nanos_since(system_clock().now(), due_), 0);
    return static_cast<int>(std::min<std::int64_t>((left + kMilli - 1) / kMilli, 60'000));
}

Result<std::size_t> PatientInput::read(std::span<char> space) {
    // A signal between the check and the wait would be missed for good; waking once a second bounds that.
    constexpr int kWakeMs = 1000;
    while (!InterruptGuard::requested()) {
        pollfd ready{fd_, POLLIN, 0};
        const int left = ticker_ == nullptr ? -1 : ticker_->milliseconds_left();
        const int count = ::poll(&ready, 1, left < 0 ? kWakeMs : std::min(left, kWakeMs));
        if (ticker_ != nullptr) ticker_->poll();
        if (count == 0) continue;
        if (count < 0) {
            if (errno == EINTR) continue;
            return errno_error("poll", errno);
        }
        const ssize_t got = ::read(fd_, space.data(), space.size());
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR && errno != EAGAIN) return errno_error("read", errno);
    }
    return std::size_t{0};
}

}  // namespace loadgen::cli
