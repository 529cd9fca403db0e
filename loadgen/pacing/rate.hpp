// Request rates as users write them: vegeta's -rate grammar.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace loadgen::pacing {

/// `count` requests per `per`, exact. A count of 0 means unlimited on the command line ("as fast as
/// possible") and silence inside a phase; the user of the value decides.
struct Rate {
    std::uint64_t count = 0;
    Nanos per{1'000'000'000};

    bool is_zero() const { return count == 0; }
    /// Requests per second, rounded to a double.
    double per_second() const;
    friend bool operator==(const Rate&, const Rate&) = default;
};

/// The highest rate: one request per nanosecond, the resolution of a schedule.
inline constexpr std::uint64_t kMaxRatePerSecond = 1'000'000'000;
/// The longest unit of a rate and the longest phase: 30 days.
inline constexpr Nanos kLongestSpan{30LL * 24 * 3600 * 1'000'000'000};

/// Parses "50", "50/1s", "100/min", "3/500ms" and "0" or "infinity" (unlimited). The unit is ns, us, µs, ms,
/// s, m, min, h or a duration in Go's notation. Beyond vegeta a count may have up to six decimals ("2.5/s" is
/// 5 per 2 s). Errors: kSyntax or kLimit; the text says what was found and what is allowed.
Result<Rate> parse_rate(std::string_view text);

/// "50/s", "100/m", "5/2s", "infinity" for 0: reads back as the same rate.
std::string format_rate(const Rate& rate);

}  // namespace loadgen::pacing
