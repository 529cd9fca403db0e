#include "common/http/cookie_date.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <limits>

namespace loadgen::http {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_delimiter(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x09 || (byte >= 0x20 && byte <= 0x2f) || (byte >= 0x3b && byte <= 0x40) ||
           (byte >= 0x5b && byte <= 0x60) || (byte >= 0x7b && byte <= 0x7e);
}

/// Takes a run of `min` to `max` digits off the front of `text`; none, and nothing taken, when the run is
/// shorter or longer.
std::optional<int> take_digits(std::string_view& text, std::size_t min, std::size_t max) {
    std::size_t length = 0;
    int value = 0;
    for (; length < text.size() && is_digit(text[length]); ++length) {
        if (length == max) return std::nullopt;
        value = value * 10 + (text[length] - '0');
    }
    if (length < min) return std::nullopt;
    text.remove_prefix(length);
    return value;
}

struct TimeOfDay {
    int hour = 0;
    int minute = 0;
    int second = 0;
};

std::optional<TimeOfDay> parse_time(std::string_view token) {
    std::array<int, 3> fields{};
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i > 0) {
            if (!token.starts_with(':')) return std::nullopt;
            token.remove_prefix(1);
        }
        const auto field = take_digits(token, 1, 2);
        if (!field) return std::nullopt;
        fields[i] = *field;
    }
    return TimeOfDay{fields[0], fields[1], fields[2]};
}

std::optional<unsigned> parse_month(std::string_view token) {
    constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (token.size() < 3) return std::nullopt;
    std::array<char, 3> name{};
    for (std::size_t i = 0; i < name.size(); ++i) name[i] = static_cast<char>(token[i] | 0x20);
    for (unsigned month = 0; month < 12; ++month) {
        if (kMonths.substr(month * 3, 3) == std::string_view(name.data(), 3)) return month + 1;
    }
    return std::nullopt;
}

/// What the tokens gave. Each kind is looked for in this order, and the first that fits a token has it.
struct Fields {
    std::optional<TimeOfDay> time;
    std::optional<int> day;
    std::optional<unsigned> month;
    std::optional<int> year;

    void take(std::string_view token) {
        if (!time && (time = parse_time(token))) return;
        std::string_view rest = token;
        if (!day && (day = take_digits(rest, 1, 2))) return;
        if (!month && (month = parse_month(token))) return;
        rest = token;
        if (!year) year = take_digits(rest, 2, 4);
    }
};

std::optional<WallTime> instant_of(const Fields& fields) {
    if (!fields.time || !fields.day || !fields.month || !fields.year) return std::nullopt;
    int year = *fields.year;
    if (year <= 99) year += year >= 70 ? 1900 : 2000;
    const TimeOfDay& time = *fields.time;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(*fields.month),
                                           std::chrono::day(static_cast<unsigned>(*fields.day))};
    if (!date.ok() || year < 1601 || time.hour > 23 || time.minute > 59 || time.second > 59) {
        return std::nullopt;
    }
    const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    const std::int64_t seconds = ((days * 24 + time.hour) * 60 + time.minute) * 60 + time.second;
    constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max() / kNanosPerSecond;
    return WallTime{std::clamp(seconds, -kLast, kLast) * kNanosPerSecond};
}

}  // namespace

std::optional<WallTime> parse_cookie_date(std::string_view text) {
    Fields fields;
    while (!text.empty()) {
        const auto begin = std::find_if_not(text.begin(), text.end(), is_delimiter);
        const auto end = std::find_if(begin, text.end(), is_delimiter);
        if (begin != end) fields.take({begin, end});
        text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    }
    return instant_of(fields);
}

}  // namespace loadgen::http
