// Calendar rules of the greeter. Dates are of the proleptic Gregorian calendar, days change at midnight UTC.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace loadgen::services::birthday {

using Date = std::chrono::year_month_day;

/// Exactly four digits, two digits, two digits with dashes between, naming a day that exists. kUsage
/// otherwise.
Result<Date> parse_date(std::string_view text);

/// "yyyy-mm-dd". `date` must be valid and of the years 0 to 9999.
std::string format_date(Date date);

/// kUsage unless `birth` lies before `today`.
Result<void> check_in_past(Date birth, Date today);

/// Whole days from `today` to the next birthday, 0 on the day itself. Somebody born on February 29 celebrates
/// on March 1 in a common year.
int days_until_birthday(Date birth, Date today);

/// The UTC day of a wall-clock label.
Date utc_date(WallTime time);

}  // namespace loadgen::services::birthday
