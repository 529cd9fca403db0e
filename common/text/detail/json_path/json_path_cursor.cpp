#include <algorithm>
#include <charconv>

#include "common/text/detail/json_path/json_path_parser.hpp"
#include "common/text/utf8.hpp"

namespace loadgen::text {
namespace {

constexpr std::int64_t kLargestInteger = (std::int64_t{1} << 53) - 1;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '-' ||
           static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

void PathCursor::fail(std::string_view expected) {
    if (failed()) return;
    std::string message = "character " + std::to_string(utf8_length(text_.substr(0, at)) + 1) + ": found ";
    if (at_end()) {
        message += "the end of the path";
    } else if (const std::size_t length = utf8_sequence_length(text_.substr(at));
               length == 0 || here() < 0x20) {
        message += "byte " + std::to_string(static_cast<unsigned char>(here()));
    } else {
        ((message += '\'') += text_.substr(at, length)) += '\'';
    }
    fault_ = {ErrorCode::kSyntax, (message += ", expected ") += expected};
}

bool PathCursor::take(std::string_view sign) {
    if (!text_.substr(at).starts_with(sign)) return false;
    at += sign.size();
    return true;
}

void PathCursor::skip_space() {
    at = std::min(text_.find_first_not_of(" \t\r\n", at), text_.size());
}

std::string_view PathCursor::take_name() {
    const std::size_t start = at;
    while (!at_end() && is_name_character(here())) {
        const std::size_t length = utf8_sequence_length(text_.substr(at));
        if (length == 0) break;
        at += length;
    }
    return text_.substr(start, at - start);
}

bool PathCursor::sees_number() const {
    return here() == '-' || is_digit(here());
}

std::int64_t PathCursor::integer() {
    const std::string_view rest = text_.substr(at);
    std::int64_t value = 0;
    const auto number = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    const std::string_view taken = rest.substr(0, static_cast<std::size_t>(number.ptr - rest.data()));
    const bool padded = taken.starts_with("-0") || (taken.starts_with('0') && taken.size() > 1);
    const bool fits = value <= kLargestInteger && value >= -kLargestInteger;
    if (taken.empty() || padded || number.ec != std::errc() || !fits) {
        fail("a whole number without leading zeros, of at most 2^53-1");
        return 0;
    }
    at += taken.size();
    return value;
}

/// As JSON writes numbers.
double PathCursor::number() {
    const std::size_t start = at;
    const auto digits = [this] {
        if (!is_digit(here())) fail("a digit");
        while (is_digit(here())) ++at;
    };
    take("-");
    if (!take("0")) digits();
    if (take(".")) digits();
    if (take("e") || take("E")) {
        if (!take("+")) take("-");
        digits();
    }
    double value = 0;
    const auto read = std::from_chars(text_.data() + start, text_.data() + at, value);
    if (read.ec != std::errc() && !failed()) {
        at = start;
        fail("a number that a double can hold");
    }
    return value;
}

std::string PathCursor::string() {
    const char quote = here();
    std::string out;
    ++at;
    while (!failed()) {
        if (at_end()) {
            fail(quote == '"' ? "a closing '\"'" : "a closing \"'\"");
            break;
        }
        const char c = here();
        if (c == quote) {
            ++at;
            break;
        }
        const std::size_t length = utf8_sequence_length(text_.substr(at));
        if (length == 0) {
            fail("UTF-8");
        } else if (static_cast<unsigned char>(c) < 0x20) {
            fail("a character of a text (control characters must be escaped)");
        } else if (c == '\\') {
            escape(quote, out);
        } else {
            out += text_.substr(at, length);
            at += length;
        }
    }
    return out;
}

void PathCursor::escape(char quote, std::string& out) {
    ++at;
    constexpr std::string_view kNames = "bfnrt/\\";
    constexpr std::string_view kMeanings = "\b\f\n\r\t/\\";
    if (here() == quote && !at_end()) {
        out += quote;
        ++at;
        return;
    }
    const auto known = at_end() ? std::string_view::npos : kNames.find(here());
    if (known != std::string_view::npos) {
        out += kMeanings[known];
        ++at;
        return;
    }
    if (here() != 'u') return fail("one of \\ / b f n r t u or the quote around the text");
    ++at;
    std::uint32_t character = code_unit();
    const bool is_low = character >= 0xDC00 && character <= 0xDFFF;
    if (character >= 0xD800 && character <= 0xDBFF) {
        const std::uint32_t low = take("\\u") ? code_unit() : 0;
        if (low < 0xDC00 || low > 0xDFFF) return fail("the second half of a surrogate pair before it");
        character = 0x10000 + ((character - 0xD800) << 10) + (low - 0xDC00);
    } else if (is_low) {
        return fail("the first half of a surrogate pair before the second");
    }
    append_utf8(out, character);
}

std::uint32_t PathCursor::code_unit() {
    std::uint32_t value = 0;
    const std::string_view digits = text_.substr(std::min(at, text_.size()), 4);
    const auto number = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() < 4 || number.ptr != digits.data() + 4) {
        fail("four hexadecimal digits");
        return 0;
    }
    at += 4;
    return value;
}

}  // namespace loadgen::text
