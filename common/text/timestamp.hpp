// Wall-clock instants as text: RFC 3339 with nanoseconds.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace loadgen::text {

/// Appends "2024-05-06T07:08:09.12Z": UTC, up to nine digits, no trailing zeros (Go's RFC3339Nano).
void append_timestamp(std::string& out, WallTime time);

/// Reads RFC 3339 with any offset and up to nine digits of a second (further digits are dropped). The error
/// says what was found. Years outside 1678..2261 do not fit WallTime and are an error, except Go's zero time
/// 0001-01-01T00:00:00Z, which reads as 0.
Result<WallTime> parse_timestamp(std::string_view text);

}  // namespace loadgen::text
