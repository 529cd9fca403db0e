// Time as the whole project uses it. The monotonic clock measures; the wall clock only labels.
#pragma once

#include <chrono>
#include <cstdint>

namespace loadgen {

using Nanos = std::chrono::nanoseconds;

/// Tag of CLOCK_MONOTONIC; it is no std clock, so that nobody can call its now() behind the seam.
struct MonotonicTag {
    using duration = Nanos;
    using rep = duration::rep;
    using period = duration::period;
    static constexpr bool is_steady = true;
};

/// A point on the monotonic clock, nanoseconds. Meaningless outside this boot of this machine.
using Instant = std::chrono::time_point<MonotonicTag, Nanos>;

/// Nanoseconds since 1970-01-01T00:00:00Z on the wall clock. A label, never an operand of a latency.
struct WallTime {
    std::int64_t unix_ns = 0;
    friend auto operator<=>(const WallTime&, const WallTime&) = default;
};

/// Where time comes from. Thread-safe. Tests inject their own.
class Clock {
  public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
    virtual WallTime wall_now() const = 0;
};

/// The machine's clocks (CLOCK_MONOTONIC, CLOCK_REALTIME). About 40 ns a reading.
class SystemClock final : public Clock {
  public:
    Instant now() const override;
    WallTime wall_now() const override;
};

/// The one SystemClock of the process.
const Clock& system_clock();

inline std::int64_t nanos_since(Instant start, Instant end) {
    return (end - start).count();
}

}  // namespace loadgen
