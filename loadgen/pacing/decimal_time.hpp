// Instants as data files write them.
#pragma once

#include <optional>
#include <string_view>

#include "common/base/time.hpp"

namespace loadgen::pacing {

/// A decimal number of `unit`s without rounding through floating point, truncated to the nanosecond: "1.25"
/// in seconds is 1250 ms. None when it is not a number or out of range.
std::optional<Nanos> parse_decimal_time(std::string_view text, Nanos unit);

/// A bare decimal number is seconds, anything else a duration in Go's notation. None when neither.
std::optional<Nanos> parse_offset(std::string_view text);

/// "2026-01-31T12:00:00.123456789Z" or with an offset (RFC 3339 section 5.6) as nanoseconds since 1970. None
/// when it is not one; leap seconds are refused.
std::optional<Nanos> parse_rfc3339(std::string_view text);

}  // namespace loadgen::pacing
