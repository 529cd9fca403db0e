#include "common/base/time.hpp"

#include <ctime>

namespace loadgen {
namespace {

std::int64_t read_clock(clockid_t id) {
    timespec now{};
    clock_gettime(id, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

Instant SystemClock::now() const {
    return Instant(Nanos(read_clock(CLOCK_MONOTONIC)));
}

WallTime SystemClock::wall_now() const {
    return {read_clock(CLOCK_REALTIME)};
}

const Clock& system_clock() {
    static const SystemClock clock;
    return clock;
}

}  // namespace loadgen
