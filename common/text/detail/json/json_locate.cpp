#include "common/text/detail/json/json_locate.hpp"

#include <algorithm>
#include <string>

#include "common/text/utf8.hpp"

namespace loadgen::text {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// A strict reader of RFC 8259 that keeps nothing but the first fault. Recursion is bounded by max_depth.
class Locator {
  public:
    Locator(std::string_view json, std::size_t max_depth) : json_(json), max_depth_(max_depth) {}

    std::string locate() {
        skip_space();
        if (value(0)) {
            skip_space();
            if (at_ != json_.size()) fail("the end of the text");
        }
        return fault_;
    }

  private:
    bool fail(std::string_view expected) {
        const std::string_view before = json_.substr(0, at_);
        const auto lines = std::count(before.begin(), before.end(), '\n');
        const std::size_t column = at_ - (before.rfind('\n') + 1);  // npos + 1 is 0: the first line
        fault_ = "line " + std::to_string(lines + 1) + ", column " + std::to_string(column + 1) + ": found " +
                 found() + ", expected ";
        fault_ += expected;
        return false;
    }

    std::string found() const {
        if (at_ >= json_.size()) return "the end of the text";
        const char c = json_[at_];
        if (static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7F) {
            return std::string("'") + c + "'";
        }
        return "byte " + std::to_string(static_cast<unsigned char>(c));
    }

    void skip_space() { at_ = std::min(json_.find_first_not_of(" \t\r\n", at_), json_.size()); }

    bool take(char c) {
        if (at_ == json_.size() || json_[at_] != c) return false;
        ++at_;
        return true;
    }

    bool value(std::size_t depth) {
        if (depth >= max_depth_) return fail("at most " + std::to_string(max_depth_) + " levels of nesting");
        const char c = at_ < json_.size() ? json_[at_] : '\0';
        if (c == '{') return object(depth);
        if (c == '[') return array(depth);
        if (c == '"') return string();
        if (c == '-' || is_digit(c)) return number();
        for (const std::string_view word : {"true", "false", "null"}) {
            if (!json_.substr(at_).starts_with(word)) continue;
            at_ += word.size();
            return true;
        }
        return fail("a value");
    }

    bool object(std::size_t depth) {
        ++at_;
        skip_space();
        if (take('}')) return true;
        while (true) {
            if (at_ == json_.size() || json_[at_] != '"') return fail("a name in quotes");
            if (!string()) return false;
            skip_space();
            if (!take(':')) return fail("':'");
            skip_space();
            if (!value(depth + 1)) return false;
            skip_space();
            if (take('}')) return true;
            if (!take(',')) return fail("',' or '}'");
            skip_space();
        }
    }

    bool array(std::size_t depth) {
        ++at_;
        skip_space();
        if (take(']')) return true;
        while (true) {
            if (!value(depth + 1)) return false;
            skip_space();
            if (take(']')) return true;
            if (!take(',')) return fail("',' or ']'");
            skip_space();
        }
    }

    bool string() {
        ++at_;
        while (at_ < json_.size()) {
            const auto c = static_cast<unsigned char>(json_[at_]);
            if (c == '"') {
                ++at_;
                return true;
            }
            if (c < 0x20) return fail("a character of a string (control characters must be escaped)");
            if (c == '\\') {
                if (!escape()) return false;
                continue;
            }
            const std::size_t length = utf8_sequence_length(json_.substr(at_));
            if (length == 0) return fail("UTF-8");
            at_ += length;
        }
        return fail("'\"'");
    }

    bool escape() {
        ++at_;
        if (at_ == json_.size()) return fail("an escape");
        const char c = json_[at_];
        if (std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos) {
            ++at_;
            return true;
        }
        if (c != 'u') return fail("one of \" \\ / b f n r t u");
        ++at_;
        for (int i = 0; i < 4; ++i, ++at_) {
            const char digit = at_ < json_.size() ? json_[at_] : '\0';
            const bool hex =
                is_digit(digit) || (digit >= 'a' && digit <= 'f') || (digit >= 'A' && digit <= 'F');
            if (!hex) return fail("four hexadecimal digits");
        }
        return true;
    }

    bool digits() {
        if (at_ == json_.size() || !is_digit(json_[at_])) return fail("a digit");
        while (at_ < json_.size() && is_digit(json_[at_])) ++at_;
        return true;
    }

    bool number() {
        take('-');
        if (!take('0') && !digits()) return false;
        if (take('.') && !digits()) return false;
        if (!take('e') && !take('E')) return true;
        if (!take('+')) take('-');
        return digits();
    }

    std::string_view json_;
    std::size_t max_depth_;
    std::size_t at_ = 0;
    std::string fault_;
};

}  // namespace

std::string locate_json_fault(std::string_view json, std::size_t max_depth) {
    return Locator(json, max_depth).locate();
}

}  // namespace loadgen::text
