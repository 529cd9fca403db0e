#include "common/text/detail/regex/regex_syntax.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "common/text/detail/regex/regex_cursor.hpp"

namespace loadgen::text {
namespace {

constexpr std::string_view kAnyCharacter = "(?s:.)";
constexpr std::string_view kNoCharacter = R"([^\x00-\x{10ffff}])";
constexpr std::string_view kAnyOfLine = R"([^\n\r\x{2028}\x{2029}])";
constexpr std::size_t kMostRepeats = 1000;  // RE2's

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct Flags {
    bool multiline = false;
    bool dot_all = false;
    bool unicode = false;
};

class Translator {
  public:
    Translator(std::string_view pattern, Flags flags)
        : cursor_(pattern, flags.unicode), pattern_(pattern), flags_(flags) {}

    Result<RegexSyntax> translate() {
        if (flags_.multiline) out_ += "(?m)";
        while (!cursor_.failed() && !cursor_.at_end()) term();
        if (!cursor_.failed() && !open_groups_.empty()) {
            cursor_.at = open_groups_.back();
            cursor_.fail("(", "a closing ')'");
        }
        if (cursor_.failed()) return cursor_.fault();
        result_.pattern = std::move(out_);
        return std::move(result_);
    }

  private:
    void term() {
        switch (cursor_.here()) {
            case '(':
                return open_group();
            case ')':
                return close_group();
            case '[':
                return character_class();
            case '\\':
                return escape_term();
            case '.':
                ++cursor_.at;
                return repeatable(flags_.dot_all ? kAnyCharacter : kAnyOfLine);
            case '|':
            case '^':
            case '$':
                out_ += pattern_[cursor_.at++];
                can_repeat_ = false;
                return;
            case '*':
            case '+':
            case '?':
            case '{':
                return quantifier();
            default:
                return literal(cursor_.take_character());
        }
    }

    void repeatable(std::string_view text) {
        out_ += text;
        can_repeat_ = true;
    }
    void literal(std::uint32_t character) {
        append_character(character);
        can_repeat_ = true;
    }

    /// Spelled so that it means itself anywhere, in brackets too.
    void append_character(std::uint32_t character) {
        if (character < 0x80 &&
            (is_letter(static_cast<char>(character)) || is_digit(static_cast<char>(character)))) {
            out_ += static_cast<char>(character);
            return;
        }
        std::array<char, 16> text{};
        const auto end = std::to_chars(text.data(), text.data() + text.size(), character, 16);
        ((out_ += "\\x{") += std::string_view(text.data(), end.ptr)) += '}';
    }

    void open_group() {
        can_repeat_ = false;
        for (const std::string_view around : {"(?=", "(?!", "(?<=", "(?<!"}) {
            if (!cursor_.sees(around)) continue;
            return cursor_.refuse(
                around, around.find('<') == std::string_view::npos ? "a look-ahead" : "a look-behind");
        }
        open_groups_.push_back(cursor_.at);
        if (cursor_.sees("(?:")) {
            cursor_.at += 3;
            out_ += "(?:";
            return;
        }
        ++result_.groups;
        out_ += '(';
        if (cursor_.sees("(?<")) {
            cursor_.at += 3;
            return group_name();
        }
        if (cursor_.sees("(?"))
            return cursor_.fail(cursor_.piece(3), "(, (?: or (?<name> (flags stand behind the pattern)");
        ++cursor_.at;
    }

    void group_name() {
        const std::size_t start = cursor_.at;
        while (is_letter(cursor_.here()) || cursor_.here() == '_' || cursor_.here() == '$' ||
               (cursor_.at > start && is_digit(cursor_.here())) ||
               static_cast<unsigned char>(cursor_.here()) >= 0x80) {
            ++cursor_.at;
        }
        if (cursor_.at == start || cursor_.here() != '>')
            return cursor_.fail(cursor_.piece(1), "a name and '>'");
        std::string name(pattern_.substr(start, cursor_.at - start));
        const bool known = std::any_of(result_.names.begin(), result_.names.end(),
                                       [&name](const auto& entry) { return entry.first == name; });
        if (known) {
            cursor_.at = start;
            return cursor_.fail(name, "a name that no other group has");
        }
        result_.names.emplace_back(std::move(name), result_.groups);
        ++cursor_.at;
    }

    void close_group() {
        if (open_groups_.empty()) return cursor_.fail(")", "a '(' before it");
        open_groups_.pop_back();
        ++cursor_.at;
        repeatable(")");
    }

    void quantifier() {
        std::size_t end = cursor_.at + 1;
        if (cursor_.here() == '{') {
            const auto length = braces_length();
            if (!length) {  // Annex B: a brace that counts nothing is itself
                ++cursor_.at;
                return literal('{');
            }
            end = cursor_.at + *length;
        }
        if (!can_repeat_) return cursor_.fail(cursor_.piece(1), "something to repeat before it");
        if (cursor_.failed()) return;
        if (end < pattern_.size() && pattern_[end] == '?') ++end;
        out_ += pattern_.substr(cursor_.at, end - cursor_.at);
        cursor_.at = end;
        can_repeat_ = false;
    }

    /// The length of {n}, {n,} or {n,m} here.
    std::optional<std::size_t> braces_length() {
        const std::string_view rest = pattern_.substr(cursor_.at);
        const char* const end = rest.data() + rest.size();
        std::size_t least = 0;
        auto number = std::from_chars(rest.data() + 1, end, least);
        if (number.ptr == rest.data() + 1) return std::nullopt;
        std::size_t most = least;
        bool too_many = number.ec != std::errc() || least > kMostRepeats;
        if (number.ptr != end && *number.ptr == ',') {
            const char* const start = number.ptr + 1;
            number = std::from_chars(start, end, most);
            if (number.ptr == start) most = least;
            too_many = too_many || number.ec == std::errc::result_out_of_range || most > kMostRepeats;
        }
        if (number.ptr == end || *number.ptr != '}') return std::nullopt;
        const auto length = static_cast<std::size_t>(number.ptr - rest.data()) + 1;
        if (too_many) {
            cursor_.fail(rest.substr(0, length), "at most " + std::to_string(kMostRepeats) + " repetitions");
        } else if (most < least) {
            cursor_.fail(rest.substr(0, length), "the smaller number first");
        }
        return length;
    }

    void escape_term() {
        const char next = cursor_.peek(1);
        if (next == 'b' || next == 'B') {
            out_ += pattern_.substr(cursor_.at, 2);
            cursor_.at += 2;
            can_repeat_ = false;
            return;
        }
        if (next == 'k' && (flags_.unicode || pattern_.find("(?<") != std::string_view::npos)) {
            return cursor_.refuse("\\k", "a back-reference");
        }
        if (next >= '1' && next <= '9') return cursor_.refuse(cursor_.piece(2), "a back-reference");
        const RegexAtom atom = read_regex_escape(cursor_);
        if (cursor_.failed()) return;
        if (atom.character) return literal(*atom.character);
        repeatable("[" + atom.set + "]");
    }

    void character_class() {
        const std::size_t start = cursor_.at++;
        const bool negated = cursor_.here() == '^';
        if (negated) ++cursor_.at;
        if (cursor_.here() == ']') {
            ++cursor_.at;
            return repeatable(negated ? kAnyCharacter : kNoCharacter);
        }
        out_ += negated ? "[^" : "[";
        while (!cursor_.failed() && !cursor_.at_end() && cursor_.here() != ']') class_range();
        if (cursor_.failed()) return;
        if (cursor_.at_end()) {
            cursor_.at = start;
            return cursor_.fail("[", "a closing ']'");
        }
        ++cursor_.at;
        repeatable("]");
    }

    /// One character, one set, or characters from one to another.
    void class_range() {
        const std::size_t start = cursor_.at;
        const RegexAtom first = class_atom();
        if (cursor_.failed()) return;
        const bool is_range = cursor_.here() == '-' && cursor_.peek(1) != ']' && cursor_.peek(1) != '\0';
        if (!is_range || !first.character) return append_atom(first);
        ++cursor_.at;
        const RegexAtom last = class_atom();
        if (cursor_.failed()) return;
        if (!last.character) {  // Annex B: the dash is itself beside a set
            append_atom(first);
            append_character('-');
            return append_atom(last);
        }
        if (*last.character < *first.character) {
            const std::string_view range = pattern_.substr(start, cursor_.at - start);
            cursor_.at = start;
            return cursor_.fail(range, "the smaller character first");
        }
        append_atom(first);
        out_ += '-';
        append_atom(last);
    }

    RegexAtom class_atom() {
        if (cursor_.here() != '\\') return {cursor_.take_character(), {}};
        const char next = cursor_.peek(1);
        if (next == 'b') {
            cursor_.at += 2;
            return {'\b', {}};
        }
        if (next >= '1' && next <= '9') {
            cursor_.fail(cursor_.piece(2), "\\x and two hexadecimal digits");
            return {};
        }
        return read_regex_escape(cursor_);
    }

    void append_atom(const RegexAtom& atom) {
        if (atom.character) return append_character(*atom.character);
        out_ += atom.set;
    }

    RegexCursor cursor_;
    std::string_view pattern_;
    Flags flags_;
    std::string out_;
    RegexSyntax result_;
    std::vector<std::size_t> open_groups_;
    bool can_repeat_ = false;
};

}  // namespace

Result<RegexSyntax> translate_regex(std::string_view pattern, std::string_view flags) {
    Flags meant;
    bool ignore_case = false;
    for (std::size_t i = 0; i < flags.size(); ++i) {
        const char flag = flags[i];
        const bool known = std::string_view("gimsuy").find(flag) != std::string_view::npos;
        if (!known || flags.find(flag) != i) {
            return Error{ErrorCode::kSyntax, "flags: found '" + std::string(1, flag) + "'" +
                                                 (known ? " twice" : "") +
                                                 ", expected g, i, m, s, u or y, each once"};
        }
        ignore_case = ignore_case || flag == 'i';
        meant.multiline = meant.multiline || flag == 'm';
        meant.dot_all = meant.dot_all || flag == 's';
        meant.unicode = meant.unicode || flag == 'u';
    }
    auto syntax = Translator(pattern, meant).translate();
    if (syntax) syntax->ignore_case = ignore_case;
    return syntax;
}

}  // namespace loadgen::text
