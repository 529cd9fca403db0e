#include <algorithm>
#include <array>
#include <charconv>

#include "common/text/detail/regex/regex_cursor.hpp"

namespace loadgen::text {
namespace {

// ECMAScript's WhiteSpace and LineTerminator, and what is left of Unicode; RE2's own \s knows six of them.
constexpr std::string_view kSpaces =
    R"(\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff})";
constexpr std::string_view kNoSpaces =
    R"(\x00-\x08\x0e-\x1f!-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e})"
    R"(\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff})";
/// Long names of general categories, which RE2 does not know.
constexpr std::array<std::pair<std::string_view, std::string_view>, 18> kCategories{{
    {"Letter", "L"},
    {"Uppercase_Letter", "Lu"},
    {"Lowercase_Letter", "Ll"},
    {"Titlecase_Letter", "Lt"},
    {"Modifier_Letter", "Lm"},
    {"Other_Letter", "Lo"},
    {"Mark", "M"},
    {"Number", "N"},
    {"Decimal_Number", "Nd"},
    {"Letter_Number", "Nl"},
    {"Other_Number", "No"},
    {"Punctuation", "P"},
    {"Symbol", "S"},
    {"Currency_Symbol", "Sc"},
    {"Math_Symbol", "Sm"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Other", "C"},
}};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

class EscapeReader {
  public:
    explicit EscapeReader(RegexCursor& cursor) : cursor_(cursor), pattern_(cursor.pattern()) {}

    /// What follows a backslash, in brackets and outside.
    RegexAtom escape() {
        const std::size_t start = cursor_.at++;
        const char c = cursor_.here();
        if (cursor_.at_end()) return fault_atom("", "a character after '\\'");
        constexpr std::string_view kNames = "tnvfr";
        constexpr std::string_view kMeanings = "\t\n\v\f\r";
        if (const auto named = kNames.find(c); named != std::string_view::npos) {
            ++cursor_.at;
            return {static_cast<std::uint32_t>(kMeanings[named]), {}};
        }
        switch (c) {
            case 'd':
            case 'D':
            case 'w':
            case 'W':
                return set_atom("\\" + std::string(1, c));
            case 's':
                return set_atom(kSpaces);
            case 'S':
                return set_atom(kNoSpaces);
            case 'p':
            case 'P':
                return property(start);
            case 'x':
                ++cursor_.at;
                return {hex(start, 2), {}};
            case 'u':
                ++cursor_.at;
                return {code_point(start), {}};
            case 'c':
                return control(start);
            case '0':
                if (is_digit(cursor_.peek(1))) {
                    cursor_.at = start;
                    return fault_atom(cursor_.piece(3), "\\x and two hexadecimal digits");
                }
                ++cursor_.at;
                return {0, {}};
            default:
                return {cursor_.take_character(), {}};
        }
    }

    RegexAtom set_atom(std::string_view set) {
        ++cursor_.at;
        return {std::nullopt, std::string(set)};
    }
    RegexAtom fault_atom(std::string_view found, std::string_view expected) {
        cursor_.fail(found, expected);
        return {};
    }

    RegexAtom control(std::size_t start) {
        ++cursor_.at;
        if (!is_letter(cursor_.here())) {
            cursor_.at = start;
            return fault_atom("\\c", "a letter after it");
        }
        return {static_cast<std::uint32_t>(pattern_[cursor_.at++] & 0x1F), {}};
    }

    std::uint32_t hex(std::size_t start, std::size_t digits) {
        std::uint32_t value = 0;
        const std::string_view text = pattern_.substr(cursor_.at, digits);
        const auto number = std::from_chars(text.data(), text.data() + text.size(), value, 16);
        if (text.size() == digits && number.ptr == text.data() + digits) {
            cursor_.at += digits;
            return value;
        }
        cursor_.at = start;
        cursor_.fail(pattern_.substr(start, 2), std::to_string(digits) + " hexadecimal digits after it");
        return 0;
    }

    std::uint32_t code_point(std::size_t start) {
        if (cursor_.here() == '{') return braced_code_point(start);
        const std::uint32_t high = hex(start, 4);
        if (high < 0xD800 || high > 0xDFFF) return high;
        if (high <= 0xDBFF && cursor_.sees("\\u")) {
            cursor_.at += 2;
            const std::uint32_t low = hex(start, 4);
            if (low >= 0xDC00 && low <= 0xDFFF) return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        }
        cursor_.at = start;
        cursor_.fail(cursor_.piece(6), "a whole character (both halves of a surrogate pair)");
        return 0;
    }

    std::uint32_t braced_code_point(std::size_t start) {
        std::uint32_t value = 0;
        const std::size_t close = pattern_.find('}', cursor_.at);
        const std::string_view digits = pattern_.substr(cursor_.at + 1, close - cursor_.at - 1);
        const auto number = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        const bool good = close != std::string_view::npos && !digits.empty() && number.ec == std::errc() &&
                          number.ptr == digits.data() + digits.size() && value <= 0x10FFFF &&
                          (value < 0xD800 || value > 0xDFFF);
        if (good && cursor_.unicode()) {
            cursor_.at = close + 1;
            return value;
        }
        cursor_.at = start;
        cursor_.fail("\\u{", good ? "the flag u, without which it does not mean a character"
                                  : "the number of a character and '}'");
        return 0;
    }

    RegexAtom property(std::size_t start) {
        const std::string kind(pattern_.substr(start, 2));
        const std::size_t close = pattern_.find('}', cursor_.at);
        if (!cursor_.unicode() || cursor_.peek(1) != '{' || close == std::string_view::npos) {
            cursor_.at = start;
            return fault_atom(kind, cursor_.unicode()
                                        ? "{name} after it"
                                        : "the flag u, without which it does not mean a property");
        }
        std::string_view name = pattern_.substr(cursor_.at + 2, close - cursor_.at - 2);
        for (const std::string_view key : {"Script=", "sc=", "General_Category=", "gc="}) {
            if (name.starts_with(key)) name.remove_prefix(key.size());
        }
        const auto known = std::find_if(kCategories.begin(), kCategories.end(),
                                        [name](const auto& entry) { return entry.first == name; });
        if (known != kCategories.end()) name = known->second;
        if (name.empty() ||
            !std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || c == '_'; })) {
            cursor_.at = start;
            return fault_atom(kind, "{name} of a general category or a script after it");
        }
        cursor_.at = close + 1;
        return {std::nullopt, kind + "{" + std::string(name) + "}"};
    }

    RegexCursor& cursor_;
    std::string_view pattern_;
};

}  // namespace

RegexAtom read_regex_escape(RegexCursor& cursor) {
    return EscapeReader(cursor).escape();
}

}  // namespace loadgen::text
