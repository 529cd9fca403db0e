#include "common/text/json_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "common/text/utf8.hpp"

namespace loadgen::text {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

/// By byte: whether it stands for itself. Most of what services write is text, so it is a look-up.
using PlainTable = std::array<bool, 256>;

constexpr PlainTable plain_table(std::string_view escaped) {
    PlainTable plain{};
    for (std::size_t c = 0x20; c < 0x80; ++c) {
        plain[c] = escaped.find(static_cast<char>(c)) == std::string_view::npos;
    }
    return plain;
}

constexpr PlainTable kPlainJson = plain_table("\"\\");
constexpr PlainTable kPlainGo = plain_table("\"\\<>&");

void append_escaped_ascii(std::string& out, char c, JsonEscape escape) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        case '\b':
            if (escape == JsonEscape::kGoEasyJson) break;
            out += "\\b";
            return;
        case '\f':
            if (escape == JsonEscape::kGoEasyJson) break;
            out += "\\f";
            return;
        default:
            break;
    }
    out += "\\u00";
    out += kHexDigits[static_cast<unsigned char>(c) >> 4];
    out += kHexDigits[static_cast<unsigned char>(c) & 0xF];
}

/// Appends the sequence at the start of `rest`; returns its length.
std::size_t append_multibyte(std::string& out, std::string_view rest, JsonEscape escape) {
    const std::size_t length = utf8_sequence_length(rest);
    if (length == 0) {
        out += "\\ufffd";
        return 1;
    }
    const std::string_view sequence = rest.substr(0, length);
    if (escape != JsonEscape::kPlain && (sequence == "\u2028" || sequence == "\u2029")) {
        out += sequence == "\u2028" ? "\\u2028" : "\\u2029";
    } else {
        out += sequence;
    }
    return length;
}

/// Writes `digits`, whose first stands before the point times ten to `exponent`, without an exponent.
void append_positional(std::string& out, std::string_view digits, int exponent) {
    if (exponent < 0) {
        out += "0.";
        out.append(static_cast<std::size_t>(-exponent - 1), '0');
        out += digits;
        return;
    }
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    out += digits.substr(0, whole);
    if (digits.size() < whole) out.append(whole - digits.size(), '0');
    if (digits.size() > whole) (out += '.') += digits.substr(whole);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text, JsonEscape escape) {
    const PlainTable& plain = escape == JsonEscape::kPlain ? kPlainJson : kPlainGo;
    out += '"';
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t end = at;
        while (end < text.size() && plain[static_cast<unsigned char>(text[end])]) ++end;
        out.append(text, at, end - at);
        at = end;
        if (at == text.size()) break;
        if (static_cast<unsigned char>(text[at]) < 0x80) {
            append_escaped_ascii(out, text[at++], escape);
        } else {
            at += append_multibyte(out, text.substr(at), escape);
        }
    }
    out += '"';
}

void append_json_number(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    std::array<char, 32> text;
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::scientific);
    std::string_view shortest(text.data(), static_cast<std::size_t>(end.ptr - text.data()));
    const std::size_t mark = shortest.find('e');
    int exponent = 0;
    const bool negative = shortest[mark + 1] == '-';
    std::from_chars(shortest.data() + mark + 2, end.ptr, exponent);
    if (negative) exponent = -exponent;
    if (exponent < -6 || exponent >= 21) {
        // Go writes e-7 where C++ writes e-07.
        (out += shortest.substr(0, mark)) += negative ? "e-" : "e+";
        out += std::to_string(std::abs(exponent));
        return;
    }
    if (shortest.front() == '-') out += '-';
    std::string digits;
    for (const char c : shortest.substr(0, mark)) {
        if (c >= '0' && c <= '9') digits += c;
    }
    append_positional(out, digits, exponent);
}

JsonWriter& JsonWriter::key(std::string_view name) {
    separate();
    append_json_string(out_, name, escape_);
    out_ += ':';
    need_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) {
    separate();
    append_json_string(out_, text, escape_);
    return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t number) {
    separate();
    std::array<char, 24> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number);
    out_.append(text.data(), end.ptr);
    return *this;
}

JsonWriter& JsonWriter::unsigned_integer(std::uint64_t number) {
    separate();
    std::array<char, 24> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number);
    out_.append(text.data(), end.ptr);
    return *this;
}

JsonWriter& JsonWriter::number(double number) {
    separate();
    append_json_number(out_, number);
    return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

JsonWriter& JsonWriter::open(char bracket) {
    if (need_comma_) out_ += ',';
    out_ += bracket;
    need_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
    out_ += bracket;
    need_comma_ = true;
    return *this;
}

void JsonWriter::separate() {
    if (need_comma_) out_ += ',';
    need_comma_ = true;
}

}  // namespace loadgen::text
