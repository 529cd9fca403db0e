#include "common/text/utf8.hpp"

namespace loadgen::text {
namespace {

/// Reads the character at the start; 0 when there is no valid one.
std::size_t decode(std::string_view bytes, std::uint32_t& character) {
    if (bytes.empty()) return 0;
    const auto first = static_cast<unsigned char>(bytes.front());
    if (first < 0x80) {
        character = first;
        return 1;
    }
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || bytes.size() < length) return 0;
    character = first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        if ((byte & 0xC0) != 0x80) return 0;
        character = character << 6 | (byte & 0x3FU);
    }
    constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
    return character < kSmallest[length] || surrogate || character > 0x10FFFF ? 0 : length;
}

}  // namespace

std::size_t utf8_sequence_length(std::string_view bytes) {
    std::uint32_t character = 0;
    return decode(bytes, character);
}

void append_utf8(std::string& out, std::uint32_t c) {
    if ((c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF) c = 0xFFFD;
    const auto byte = [&out](std::uint32_t value) { out += static_cast<char>(value); };
    if (c < 0x80) return byte(c);
    if (c < 0x800) {
        byte(0xC0U | c >> 6);
    } else if (c < 0x10000) {
        byte(0xE0U | c >> 12);
        byte(0x80U | (c >> 6 & 0x3FU));
    } else {
        byte(0xF0U | c >> 18);
        byte(0x80U | (c >> 12 & 0x3FU));
        byte(0x80U | (c >> 6 & 0x3FU));
    }
    byte(0x80U | (c & 0x3FU));
}

std::size_t utf8_length(std::string_view text) {
    std::size_t count = 0;
    while (!text.empty()) {
        const std::size_t length = utf8_sequence_length(text);
        text.remove_prefix(length == 0 ? 1 : length);
        ++count;
    }
    return count;
}

bool starts_with_space(std::string_view text) {
    std::uint32_t c = 0;
    if (decode(text, c) == 0) return false;
    return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
           c == 0x3000;
}

}  // namespace loadgen::text
