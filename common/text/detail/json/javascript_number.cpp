#include "common/text/detail/json/javascript_number.hpp"

#include <charconv>
#include <cstdlib>
#include <limits>
#include <string>

#include "common/text/utf8.hpp"

namespace loadgen::text {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool starts_with_blank(std::string_view text) {
    if (text.starts_with("\u0085")) return false;  // Unicode's, not JavaScript's
    return starts_with_space(text) || text.starts_with("\uFEFF");
}

/// Without ECMAScript's white space at either end.
std::string_view trimmed(std::string_view text) {
    while (starts_with_blank(text)) text.remove_prefix(utf8_sequence_length(text));
    while (!text.empty()) {
        std::size_t last = text.size() - 1;
        while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xC0U) == 0x80) --last;
        if (!starts_with_blank(text.substr(last))) break;
        text.remove_suffix(text.size() - last);
    }
    return text;
}

/// 0x1F, 0o17, 0b11 (without a sign); NaN for others.
double number_of_base(std::string_view text) {
    const int base = text[1] == 'x' || text[1] == 'X' ? 16 : text[1] == 'o' || text[1] == 'O' ? 8 : 2;
    double number = 0;
    for (const char c : text.substr(2)) {
        int digit = 0;
        if (std::from_chars(&c, &c + 1, digit, base).ec != std::errc()) return kNaN;
        number = number * base + digit;
    }
    return number;
}

}  // namespace

double javascript_number(std::string_view text) {
    text = trimmed(text);
    if (text.empty()) return 0;
    if (text.size() > 2 && text[0] == '0' &&
        std::string_view("xXoObB").find(text[1]) != std::string_view::npos) {
        return number_of_base(text);
    }
    const bool negative = text.front() == '-';
    if (negative || text.front() == '+') text.remove_prefix(1);
    const double sign = negative ? -1 : 1;
    if (text == "Infinity") return sign * std::numeric_limits<double>::infinity();
    // from_chars also knows words (inf, nan) and a sign of its own.
    if (text.empty() || (text.front() != '.' && (text.front() < '0' || text.front() > '9'))) return kNaN;
    double number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (end != text.data() + text.size() || fault == std::errc::invalid_argument) return kNaN;
    if (fault == std::errc()) return sign * number;
    // Out of range: strtod knows on which side.
    return sign * std::strtod(std::string(text).c_str(), nullptr);
}

}  // namespace loadgen::text
