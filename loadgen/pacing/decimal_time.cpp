#include "loadgen/pacing/decimal_time.hpp"

#include <charconv>
#include <chrono>

#include "common/base/duration_text.hpp"

namespace loadgen::pacing {
namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
    if (text.empty() || text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
    std::int64_t value = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{}) return std::nullopt;
    return value;
}

/// Nanoseconds of the decimals "25" of a unit; digits past the resolution are cut.
std::int64_t decimals_of(std::string_view digits, std::int64_t unit) {
    std::int64_t value = 0;
    for (const char digit : digits) {
        unit /= 10;
        value += (digit - '0') * unit;
    }
    return value;
}

/// Fixed-width number at `from`, checked against [low, high].
std::optional<int> field(std::string_view text, std::size_t from, std::size_t width, int low, int high) {
    if (from + width > text.size()) return std::nullopt;
    const std::optional<std::int64_t> value = whole_number(text.substr(from, width));
    if (!value || *value < low || *value > high) return std::nullopt;
    return static_cast<int>(*value);
}

std::optional<std::chrono::minutes> zone(std::string_view text) {
    if (text == "Z" || text == "z") return std::chrono::minutes(0);
    if (text.size() != 6 || text[3] != ':' || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    const std::optional<int> hours = field(text, 1, 2, 0, 23);
    const std::optional<int> minutes = field(text, 4, 2, 0, 59);
    if (!hours || !minutes) return std::nullopt;
    const std::chrono::minutes value(*hours * 60 + *minutes);
    return text[0] == '-' ? -value : value;
}

std::optional<Nanos> date_part(std::string_view text) {
    const std::optional<int> year = field(text, 0, 4, 1970, 2200);
    const std::optional<int> month = field(text, 5, 2, 1, 12);
    const std::optional<int> day = field(text, 8, 2, 1, 31);
    if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch();
}

}  // namespace

std::optional<Nanos> parse_decimal_time(std::string_view text, Nanos unit) {
    const std::size_t dot = text.find('.');
    const std::string_view decimals = dot == text.npos ? std::string_view{} : text.substr(dot + 1);
    const std::optional<std::int64_t> whole = whole_number(text.substr(0, dot));
    if (!whole || decimals.find_first_not_of("0123456789") != decimals.npos) return std::nullopt;
    if (dot != text.npos && decimals.empty()) return std::nullopt;
    if (*whole >= Nanos::max().count() / unit.count()) return std::nullopt;
    return Nanos(*whole * unit.count() + decimals_of(decimals, unit.count()));
}

std::optional<Nanos> parse_offset(std::string_view text) {
    if (const std::optional<Nanos> seconds = parse_decimal_time(text, Nanos(1'000'000'000))) return seconds;
    const Result<Nanos> duration = parse_duration(text);
    if (!duration) return std::nullopt;
    return *duration;
}

std::optional<Nanos> parse_rfc3339(std::string_view text) {
    if (text.size() < 20 || (text[10] != 'T' && text[10] != 't' && text[10] != ' ')) return std::nullopt;
    const std::optional<Nanos> date = date_part(text);
    const std::optional<int> hour = field(text, 11, 2, 0, 23);
    const std::optional<int> minute = field(text, 14, 2, 0, 59);
    const std::optional<int> second = field(text, 17, 2, 0, 59);
    if (!date || !hour || !minute || !second || text[13] != ':' || text[16] != ':') return std::nullopt;
    std::size_t end = 19;
    std::int64_t fraction = 0;
    if (text[end] == '.') {
        const std::size_t from = end + 1;
        end = text.find_first_not_of("0123456789", from);
        if (end == text.npos || end == from) return std::nullopt;
        fraction = decimals_of(text.substr(from, end - from), 1'000'000'000);
    }
    const std::optional<std::chrono::minutes> shift = zone(text.substr(end));
    if (!shift) return std::nullopt;
    return *date + std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second) +
           Nanos(fraction) - *shift;
}

}  // namespace loadgen::pacing
