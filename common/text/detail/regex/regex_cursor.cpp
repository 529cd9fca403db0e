#include "common/text/detail/regex/regex_cursor.hpp"

#include <algorithm>

#include "common/text/utf8.hpp"

namespace loadgen::text {

std::string_view RegexCursor::piece(std::size_t bytes) const {
    std::size_t end = std::min(at + bytes, pattern_.size());
    while (end < pattern_.size() && (static_cast<unsigned char>(pattern_[end]) & 0xC0U) == 0x80) ++end;
    return pattern_.substr(at, end - at);
}

std::uint32_t RegexCursor::take_character() {
    const std::string_view rest = pattern_.substr(at);
    const std::size_t length = utf8_sequence_length(rest);
    if (length == 0) {
        fail("byte " + std::to_string(static_cast<unsigned char>(rest.front())), "UTF-8");
        return 0;
    }
    at += length;
    const auto byte = [rest](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(rest[i]));
    };
    std::uint32_t character = length == 1 ? byte(0) : byte(0) & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) character = character << 6 | (byte(i) & 0x3FU);
    return character;
}

std::string RegexCursor::place() const {
    return "character " + std::to_string(utf8_length(pattern_.substr(0, at)) + 1) + ": found ";
}

void RegexCursor::fail(std::string_view found, std::string_view expected) {
    if (failed()) return;
    std::string message =
        place() + (found.empty() ? "the end of the pattern" : "'" + std::string(found) + "'");
    fault_ = {ErrorCode::kSyntax, (message += ", expected ") += expected};
}

void RegexCursor::refuse(std::string_view found, std::string_view what) {
    if (failed()) return;
    std::string message = place() + "'" + std::string(found) + "', ";
    fault_ = {ErrorCode::kUnsupported,
              (message += what) += ", which is not supported: matching takes linear time"};
}

}  // namespace loadgen::text
