#include "common/base/duration_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

namespace loadgen {
namespace {

struct Unit {
    std::string_view name;
    std::int64_t ns;
};

constexpr std::int64_t kMicro = 1'000;
constexpr std::int64_t kMilli = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;

// Longest match first where one unit's name is another's prefix ("ms" before "m").
constexpr std::array<Unit, 8> kUnits{{{"ns", 1},
                                      {"us", kMicro},
                                      {"\u00b5s", kMicro},
                                      {"\u03bcs", kMicro},
                                      {"ms", kMilli},
                                      {"s", kSecond},
                                      {"m", kMinute},
                                      {"h", kHour}}};

Error bad_duration(std::string_view text) {
    return {ErrorCode::kUsage,
            "bad duration \"" + std::string(text) +
                "\": expected a number with a unit of ns, us, ms, s, m or h, such as 1m30s or 250ms"};
}

Error too_large(std::string_view text) {
    return {ErrorCode::kLimit,
            "bad duration \"" + std::string(text) + "\": too large, expected at most 2562047h"};
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

constexpr std::uint64_t kMostNegative = std::uint64_t{1} << 63;  // magnitude of the smallest duration

/// "digits[.digits]": whole + fraction / scale.
struct Number {
    std::uint64_t whole = 0;
    std::uint64_t fraction = 0;
    double scale = 1;
};

/// False when there is no digit at all. A whole part beyond every duration becomes one just beyond.
bool take_number(std::string_view& rest, Number& number) {
    std::size_t length = 0;
    bool digits = false;
    for (; length < rest.size() && is_digit(rest[length]); ++length) {
        digits = true;
        if (number.whole <= kMostNegative / 10)
            number.whole = number.whole * 10 + static_cast<std::uint64_t>(rest[length] - '0');
        else
            number.whole = kMostNegative + 1;
    }
    if (length < rest.size() && rest[length] == '.') {
        // Digits beyond 63 bits are far below a nanosecond: read, not used.
        bool full = false;
        for (++length; length < rest.size() && is_digit(rest[length]); ++length) {
            digits = true;
            full = full || number.fraction > kMostNegative / 10;
            if (full) continue;
            number.fraction = number.fraction * 10 + static_cast<std::uint64_t>(rest[length] - '0');
            number.scale *= 10;
        }
    }
    rest.remove_prefix(length);
    return digits;
}

/// Adds number * unit to `total`, below a nanosecond cut off as Go does; false when no duration is that long.
bool add_product(std::uint64_t& total, const Number& number, const Unit& unit) {
    const auto unit_ns = static_cast<std::uint64_t>(unit.ns);
    if (number.whole > kMostNegative / unit_ns) return false;
    const std::uint64_t whole = number.whole * unit_ns;
    if (whole > kMostNegative - total) return false;
    const double part = static_cast<double>(number.fraction) * (static_cast<double>(unit.ns) / number.scale);
    total += whole + static_cast<std::uint64_t>(part);
    return total <= kMostNegative;
}

const Unit* take_unit(std::string_view& rest) {
    for (const Unit& unit : kUnits) {
        if (!rest.starts_with(unit.name)) continue;
        rest.remove_prefix(unit.name.size());
        return &unit;
    }
    return nullptr;
}

/// value / unit with the fraction written out and its trailing zeros cut.
std::string decimal(std::uint64_t value, std::uint64_t unit) {
    std::string text = std::to_string(value / unit);
    std::uint64_t fraction = value % unit;
    if (fraction == 0) return text;
    text += '.';
    for (std::uint64_t place = unit / 10; fraction != 0; place /= 10) {
        text += static_cast<char>('0' + fraction / place);
        fraction %= place;
    }
    return text;
}

std::string format_from_one_second(std::uint64_t ns) {
    constexpr std::uint64_t minute = kMinute;
    constexpr std::uint64_t hour = kHour;
    std::string text;
    if (ns >= hour) text += std::to_string(ns / hour) + 'h';
    if (ns >= minute) text += std::to_string(ns % hour / minute) + 'm';
    return text + decimal(ns % minute, kSecond) + 's';
}

}  // namespace

Result<Nanos> parse_duration(std::string_view text) {
    std::string_view rest = text;
    bool negative = false;
    if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
        negative = rest.front() == '-';
        rest.remove_prefix(1);
    }
    if (rest == "0") return Nanos(0);
    if (rest.empty()) return bad_duration(text);
    std::uint64_t total = 0;
    bool fits = true;
    while (!rest.empty()) {
        Number number;
        if (!take_number(rest, number)) return bad_duration(text);
        const Unit* unit = take_unit(rest);
        if (unit == nullptr) return bad_duration(text);
        fits = fits && add_product(total, number, *unit);
    }
    if (!fits || (!negative && total == kMostNegative)) return too_large(text);
    return Nanos(static_cast<std::int64_t>(negative ? 0 - total : total));
}

std::string format_duration(Nanos value) {
    const std::int64_t ns = value.count();
    if (ns == 0) return "0s";
    // Negation in unsigned arithmetic: the most negative value has no positive counterpart.
    const std::uint64_t magnitude =
        ns < 0 ? 0 - static_cast<std::uint64_t>(ns) : static_cast<std::uint64_t>(ns);
    std::string text;
    if (magnitude < kMicro) {
        text = std::to_string(magnitude) + "ns";
    } else if (magnitude < kMilli) {
        text = decimal(magnitude, kMicro) + "\u00b5s";
    } else if (magnitude < kSecond) {
        text = decimal(magnitude, kMilli) + "ms";
    } else {
        text = format_from_one_second(magnitude);
    }
    return ns < 0 ? '-' + text : text;
}

Nanos round_for_display(Nanos value) {
    const std::int64_t ns = value.count();
    // Without a counterpart above zero, the most negative value is one short of itself here: no step shows
    // it.
    const std::int64_t size = ns < 0 ? -std::max(ns, -std::numeric_limits<std::int64_t>::max()) : ns;
    if (size < kMilli) return value;
    std::int64_t step = kMicro;
    if (size >= kHour) {
        step = kMinute;
    } else if (size >= kMinute) {
        step = kSecond;
    } else if (size >= kSecond) {
        step = kMilli;
    }
    const std::int64_t above = size % step;
    // No overflow: the largest duration is less than half a minute above a whole one.
    const std::int64_t rounded = size - above + (2 * above >= step ? step : 0);
    return Nanos(ns < 0 ? -rounded : rounded);
}

std::string display_duration(Nanos value) {
    return format_duration(round_for_display(value));
}

}  // namespace loadgen
