#include "common/text/timestamp.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace loadgen::text {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

void append_padded(std::string& out, std::uint64_t number, std::size_t width) {
    const std::string digits = std::to_string(number);
    if (digits.size() < width) out.append(width - digits.size(), '0');
    out += digits;
}

/// Takes exactly `width` digits from the front of `rest`.
std::optional<int> take_digits(std::string_view& rest, std::size_t width) {
    if (rest.size() < width) return std::nullopt;
    int number = 0;
    for (const char c : rest.substr(0, width)) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + (c - '0');
    }
    rest.remove_prefix(width);
    return number;
}

bool take(std::string_view& rest, char c) {
    if (!rest.starts_with(c)) return false;
    rest.remove_prefix(1);
    return true;
}

/// ".123456789" to nanoseconds; absent is 0.
std::optional<std::int64_t> take_fraction(std::string_view& rest) {
    if (!take(rest, '.') && !take(rest, ',')) return 0;
    std::int64_t fraction = 0;
    std::int64_t place = kSecond / 10;
    std::size_t digits = 0;
    for (; digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9'; ++digits, place /= 10) {
        fraction += (rest[digits] - '0') * place;
    }
    if (digits == 0) return std::nullopt;
    rest.remove_prefix(digits);
    return fraction;
}

/// "Z" or "+02:00" to seconds east of UTC.
std::optional<int> take_offset(std::string_view& rest) {
    if (take(rest, 'Z') || take(rest, 'z')) return 0;
    const bool west = rest.starts_with('-');
    if (!take(rest, '-') && !take(rest, '+')) return std::nullopt;
    const auto hours = take_digits(rest, 2);
    if (!hours || !take(rest, ':')) return std::nullopt;
    const auto minutes = take_digits(rest, 2);
    if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    const int seconds = (*hours * 60 + *minutes) * 60;
    return west ? -seconds : seconds;
}

struct Fields {
    std::chrono::year_month_day date;
    std::int64_t seconds = 0;   ///< since midnight, offset already taken off
    std::int64_t fraction = 0;  ///< nanoseconds
};

std::optional<Fields> take_fields(std::string_view rest) {
    const auto year = take_digits(rest, 4);
    if (!year || !take(rest, '-')) return std::nullopt;
    const auto month = take_digits(rest, 2);
    if (!month || !take(rest, '-')) return std::nullopt;
    const auto day = take_digits(rest, 2);
    if (!day || (!take(rest, 'T') && !take(rest, 't') && !take(rest, ' '))) return std::nullopt;
    const auto hour = take_digits(rest, 2);
    if (!hour || !take(rest, ':')) return std::nullopt;
    const auto minute = take_digits(rest, 2);
    if (!minute || !take(rest, ':')) return std::nullopt;
    const auto second = take_digits(rest, 2);
    if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    const auto fraction = take_fraction(rest);
    const auto offset = fraction ? take_offset(rest) : std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!offset || !rest.empty() || !date.ok()) return std::nullopt;
    return Fields{date, *hour * 3600 + *minute * 60 + *second - *offset, *fraction};
}

}  // namespace

void append_timestamp(std::string& out, WallTime time) {
    const std::chrono::sys_time<std::chrono::nanoseconds> instant{std::chrono::nanoseconds(time.unix_ns)};
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date(day);
    const auto since_midnight = static_cast<std::uint64_t>((instant - day).count());
    append_padded(out, static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
    append_padded(out += '-', static_cast<unsigned>(date.month()), 2);
    append_padded(out += '-', static_cast<unsigned>(date.day()), 2);
    const std::uint64_t seconds = since_midnight / kSecond;
    append_padded(out += 'T', seconds / 3600, 2);
    append_padded(out += ':', seconds / 60 % 60, 2);
    append_padded(out += ':', seconds % 60, 2);
    if (since_midnight % kSecond != 0) {
        append_padded(out += '.', since_midnight % kSecond, 9);
        while (out.back() == '0') out.pop_back();
    }
    out += 'Z';
}

Result<WallTime> parse_timestamp(std::string_view text) {
    const auto fields = take_fields(text);
    if (!fields) {
        return Error{ErrorCode::kSyntax,
                     "found \"" + std::string(text) + "\", expected a time such as 2024-05-06T07:08:09.123Z"};
    }
    if (text == "0001-01-01T00:00:00Z") return WallTime{};
    const int year = static_cast<int>(fields->date.year());
    if (year < 1678 || year > 2261) {
        return Error{ErrorCode::kLimit,
                     "found \"" + std::string(text) + "\", expected a year from 1678 to 2261"};
    }
    const std::int64_t days = std::chrono::sys_days(fields->date).time_since_epoch().count();
    return WallTime{(days * 86400 + fields->seconds) * kSecond + fields->fraction};
}

}  // namespace loadgen::text
