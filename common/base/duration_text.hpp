// Durations as users write and read them: Go's notation (time.Duration), the one of vegeta's flags and
// reports.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace loadgen {

/// Parses Go's ParseDuration grammar: [+-] then one or more of number unit, unit one of ns us µs ms s m h.
/// "0" needs no unit. The error says what was found and what is allowed: kUsage, or kLimit for what would be
/// a duration if it were shorter.
Result<Nanos> parse_duration(std::string_view text);

/// Go's Duration.String(): "1h2m3.5s", "1.5ms", "0s". Never loses a nanosecond.
std::string format_duration(Nanos value);

/// vegeta's rounding before printing: half away from zero to the next finer unit
/// (>= 1h to minutes, >= 1m to seconds, >= 1s to ms, >= 1ms to us, else as is).
Nanos round_for_display(Nanos value);

/// format_duration(round_for_display(value)).
std::string display_duration(Nanos value);

}  // namespace loadgen
