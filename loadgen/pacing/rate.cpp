#include "loadgen/pacing/rate.hpp"

#include <array>
#include <charconv>
#include <numeric>

#include "common/base/duration_text.hpp"

namespace loadgen::pacing {
namespace {

constexpr std::string_view kAllowed =
    "expected a count, or count/unit such as 50/s, 100/1m or 3/500ms, or infinity";
constexpr std::size_t kMaxDecimals = 6;

Error bad_rate(std::string_view text, std::string_view why, ErrorCode code = ErrorCode::kSyntax) {
    return {code, "bad rate \"" + std::string(text) + "\": " + std::string(why)};
}

/// A decimal number as digits over a power of ten, so that no binary rounding enters the schedule.
struct Decimal {
    std::uint64_t digits = 0;
    std::uint64_t scale = 1;
};

Result<Decimal> parse_count(std::string_view whole, std::string_view text) {
    if (!text.empty() && text.front() == '-') return bad_rate(whole, "the count must not be negative");
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    const std::size_t dot = text.find('.');
    const std::string_view decimals = dot == text.npos ? std::string_view{} : text.substr(dot + 1);
    std::string digits(text.substr(0, dot));
    digits += decimals;
    const bool only_digits = digits.find_first_not_of("0123456789") == digits.npos;
    if (digits.empty() || !only_digits || dot == 0 || (dot != text.npos && decimals.empty()))
        return bad_rate(whole, "\"" + std::string(text) + "\" is not a count; " + std::string(kAllowed));
    if (decimals.size() > kMaxDecimals) return bad_rate(whole, "at most 6 decimals are allowed");
    Decimal result;
    const char* end = digits.data() + digits.size();
    if (std::from_chars(digits.data(), end, result.digits).ec != std::errc{})
        return bad_rate(whole, "the count is too large", ErrorCode::kLimit);
    for (std::size_t i = 0; i < decimals.size(); ++i) result.scale *= 10;
    return result;
}

Result<Nanos> parse_unit(std::string_view whole, std::string_view unit) {
    for (std::string_view bare : {"ns", "us", "µs", "ms", "s", "m", "h"})
        if (unit == bare) return parse_duration("1" + std::string(unit));
    if (unit == "min") return Nanos(60'000'000'000);
    const Result<Nanos> per = parse_duration(unit);
    if (!per && per.error().code != ErrorCode::kLimit)
        return bad_rate(whole,
                        "\"" + std::string(unit) +
                            "\" is not a time unit; expected ns, us, ms, s, m, h or a duration such as "
                            "500ms");
    if (per && *per <= Nanos(0)) return bad_rate(whole, "the time unit must be longer than zero");
    if (!per || *per > kLongestSpan)
        return bad_rate(whole, "the time unit must not exceed 720h", ErrorCode::kLimit);
    return *per;
}

}  // namespace

double Rate::per_second() const {
    return static_cast<double>(count) * 1e9 / static_cast<double>(per.count());
}

Result<Rate> parse_rate(std::string_view text) {
    if (text == "infinity") return Rate{};
    const std::size_t slash = text.find('/');
    const Result<Decimal> count = parse_count(text, text.substr(0, slash));
    if (!count) return count.error();
    const Result<Nanos> unit = parse_unit(text, slash == text.npos ? "s" : text.substr(slash + 1));
    if (!unit) return unit.error();
    if (count->digits == 0) return Rate{};
    const auto unit_ns = static_cast<std::uint64_t>(unit->count());
    // The span limit of 2.6e15 ns times a scale of 1e6 stays below 2^72: divide common factors out first.
    const std::uint64_t shared = std::gcd(count->digits, count->scale);
    const std::uint64_t digits = count->digits / shared;
    const std::uint64_t scale = count->scale / shared;
    if (unit_ns > static_cast<std::uint64_t>(kLongestSpan.count()) / scale)
        return bad_rate(text, "too many decimals for so long a unit", ErrorCode::kLimit);
    const std::uint64_t per = unit_ns * scale;
    if (digits > per) return bad_rate(text, "at most 1000000000 requests per second", ErrorCode::kLimit);
    return Rate{digits, Nanos(static_cast<std::int64_t>(per))};
}

std::string format_rate(const Rate& rate) {
    if (rate.is_zero()) return "infinity";
    struct Unit {
        std::int64_t ns;
        std::string_view name;
    };
    for (const Unit& unit : std::array{Unit{1'000'000'000, "s"}, Unit{60'000'000'000, "m"},
                                       Unit{3'600'000'000'000, "h"}, Unit{1'000'000, "ms"}})
        if (rate.per.count() == unit.ns) return std::to_string(rate.count) + "/" + std::string(unit.name);
    return std::to_string(rate.count) + "/" + format_duration(rate.per);
}

}  // namespace loadgen::pacing
