// Days, as promotions and counters know them: of the proleptic Gregorian calendar, changing at midnight UTC.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/time.hpp"

namespace loadgen::services::grocery {

using Day = std::chrono::sys_days;

/// Exactly "yyyy-mm-dd", naming a day that exists. None otherwise.
std::optional<Day> parse_day(std::string_view text);
/// "yyyy-mm-dd", for years 0 to 9999.
std::string format_day(Day day);

Day day_of(WallTime time);
/// Midnight UTC at the start of the day, in milliseconds since 1970.
std::int64_t start_ms(Day day);
/// "2025-01-01T10:00:00.123Z" from milliseconds since 1970.
std::string format_ms(std::int64_t unix_ms);

}  // namespace loadgen::services::grocery
