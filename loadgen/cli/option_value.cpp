#include "loadgen/cli/option_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>

#include "common/base/duration_text.hpp"

namespace loadgen::cli {
namespace {

Error bad_value(std::string_view text, std::string_view expected) {
    return {ErrorCode::kUsage, "found \"" + std::string(text) + "\", expected " + std::string(expected)};
}

/// All of `text` as a number without a sign; false on anything else, overflow included.
bool whole_number(std::string_view text, std::uint64_t& number) {
    int base = 10;
    if (text.starts_with("0x") || text.starts_with("0X")) {
        text.remove_prefix(2);
        base = 16;
    }
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    return failure == std::errc() && end == text.data() + text.size() && !text.empty();
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

/// The shift a byte unit stands for, or -1.
int unit_shift(std::string_view unit) {
    static constexpr std::string_view kPrefixes = "kmgtp";
    const std::string name = lower(unit);
    if (name.empty() || name == "b") return 0;
    const std::size_t place = kPrefixes.find(name.front());
    if (place == std::string_view::npos) return -1;
    const std::string_view rest = std::string_view(name).substr(1);
    if (!rest.empty() && rest != "b" && rest != "ib") return -1;
    return static_cast<int>(place + 1) * 10;
}

}  // namespace

Result<bool> parse_bool(std::string_view text) {
    static constexpr std::array<std::string_view, 6> kTrue{"1", "t", "T", "true", "TRUE", "True"};
    static constexpr std::array<std::string_view, 6> kFalse{"0", "f", "F", "false", "FALSE", "False"};
    if (std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end()) return true;
    if (std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end()) return false;
    return bad_value(text, "true or false");
}

Result<std::int64_t> parse_int(std::string_view text) {
    constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    std::string_view digits = text;
    const bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) digits.remove_prefix(1);
    std::uint64_t size = 0;
    if (!whole_number(digits, size) || size > kMax)
        return bad_value(text, "a whole number, such as 10 or -1");
    const auto number = static_cast<std::int64_t>(size);
    return negative ? -number : number;
}

Result<std::uint64_t> parse_uint(std::string_view text) {
    std::uint64_t number = 0;
    if (!whole_number(text, number)) return bad_value(text, "a whole number of 0 or more");
    return number;
}

Result<Nanos> parse_limited_duration(std::string_view text, Nanos limit) {
    auto duration = parse_duration(text);
    const bool too_large =
        duration ? *duration > limit || *duration < -limit : duration.error().code == ErrorCode::kLimit;
    if (!too_large) return duration;
    constexpr std::int64_t kHour = 3600LL * 1'000'000'000;
    return Error{ErrorCode::kLimit, "bad duration \"" + std::string(text) +
                                        "\": too large, expected at most " +
                                        std::to_string(limit.count() / kHour) + "h"};
}

Result<std::int64_t> parse_byte_size(std::string_view text) {
    static constexpr std::string_view kExpected = "a size such as 512, 64KB, 10MB or 1GB, or -1 for no limit";
    if (text == "-1") return std::int64_t{-1};
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    std::uint64_t number = 0;
    std::string_view unit = text.substr(digits);
    while (unit.starts_with(' ')) unit.remove_prefix(1);
    const int shift = unit_shift(unit);
    if (shift < 0 || !whole_number(text.substr(0, digits), number)) return bad_value(text, kExpected);
    if (number > (static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) >> shift)) {
        return bad_value(text, "at most 8191PB");
    }
    return static_cast<std::int64_t>(number << shift);
}

}  // namespace loadgen::cli
