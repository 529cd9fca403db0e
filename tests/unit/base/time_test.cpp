#include "common/base/time.hpp"

#include <gtest/gtest.h>

#include <ctime>

namespace loadgen {
namespace {

std::int64_t read_clock(clockid_t id) {
    timespec time{};
    clock_gettime(id, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// Each reading must lie between two readings of the kernel's clock: no tolerance, no timing assumption.
TEST(SystemClock, ReadsTheMonotonicClock) {
    const std::int64_t before = read_clock(CLOCK_MONOTONIC);
    const std::int64_t now = system_clock().now().time_since_epoch().count();
    const std::int64_t after = read_clock(CLOCK_MONOTONIC);
    EXPECT_LE(before, now);
    EXPECT_LE(now, after);
}

TEST(SystemClock, NeverGoesBack) {
    Instant last = system_clock().now();
    for (int i = 0; i < 10'000; ++i) {
        const Instant now = system_clock().now();
        ASSERT_GE(now, last);
        last = now;
    }
}

TEST(SystemClock, WallTimeCountsFromTheEpoch) {
    const timespec start{1'577'836'800,
                         0};  // 2020-01-01: a machine set earlier cannot verify certificates either
    EXPECT_GT(system_clock().wall_now().unix_ns, std::int64_t{start.tv_sec} * 1'000'000'000);
}

TEST(Time, NanosSinceMayBeNegative) {
    const Instant start{Nanos(1'000)};
    const Instant end{Nanos(1'250)};
    EXPECT_EQ(nanos_since(start, end), 250);
    EXPECT_EQ(nanos_since(end, start), -250);
}

}  // namespace
}  // namespace loadgen
