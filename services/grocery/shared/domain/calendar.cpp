#include "services/grocery/shared/domain/calendar.hpp"

#include <cstdio>

#include "common/telemetry/logger.hpp"

namespace loadgen::services::grocery {
namespace {

constexpr std::int64_t kNanosPerMilli = 1'000'000;
constexpr std::size_t kDayLength = 10;

std::optional<int> digits(std::string_view text) {
    int number = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9') return std::nullopt;
        number = number * 10 + (digit - '0');
    }
    return number;
}

}  // namespace

std::optional<Day> parse_day(std::string_view text) {
    if (text.size() != kDayLength || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = digits(text.substr(0, 4));
    const auto month = digits(text.substr(5, 2));
    const auto day = digits(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return Day(date);
}

std::string format_day(Day day) {
    const std::chrono::year_month_day date{day};
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text;
}

Day day_of(WallTime time) {
    return std::chrono::floor<std::chrono::days>(std::chrono::sys_time<Nanos>(Nanos(time.unix_ns)));
}

std::int64_t start_ms(Day day) {
    return std::chrono::sys_time<std::chrono::milliseconds>(day).time_since_epoch().count();
}

std::string format_ms(std::int64_t unix_ms) {
    std::string text;
    telemetry::append_rfc3339(text, WallTime{unix_ms * kNanosPerMilli});
    return text;
}

}  // namespace loadgen::services::grocery
