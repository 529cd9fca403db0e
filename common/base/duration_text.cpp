#include "common/base/duration_text.hpp"

#include <array>
#include <cmath>
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

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Consumes "digits[.digits]"; false when there is no digit at all.
bool take_number(std::string_view& rest, double& number) {
    std::size_t length = 0;
    bool digits = false;
    number = 0;
    while (length < rest.size() && is_digit(rest[length])) {
        number = number * 10 + (rest[length++] - '0');
        digits = true;
    }
    if (length < rest.size() && rest[length] == '.') {
        double scale = 0.1;
        for (++length; length < rest.size() && is_digit(rest[length]); ++length, scale /= 10) {
            number += (rest[length] - '0') * scale;
            digits = true;
        }
    }
    rest.remove_prefix(length);
    return digits;
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
    double total = 0;
    while (!rest.empty()) {
        double number = 0;
        if (!take_number(rest, number)) return bad_duration(text);
        const Unit* unit = take_unit(rest);
        if (unit == nullptr) return bad_duration(text);
        total += std::round(number * static_cast<double>(unit->ns));
    }
    if (total >= static_cast<double>(std::numeric_limits<std::int64_t>::max())) return bad_duration(text);
    const auto ns = static_cast<std::int64_t>(total);
    return Nanos(negative ? -ns : ns);
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
    const std::int64_t size = ns < 0 ? -ns : ns;
    std::int64_t step = 1;
    if (size >= kHour) {
        step = kMinute;
    } else if (size >= kMinute) {
        step = kSecond;
    } else if (size >= kSecond) {
        step = kMilli;
    } else if (size >= kMilli) {
        step = kMicro;
    }
    const std::int64_t rounded = (size + step / 2) / step * step;
    return Nanos(ns < 0 ? -rounded : rounded);
}

std::string display_duration(Nanos value) {
    return format_duration(round_for_display(value));
}

}  // namespace loadgen
