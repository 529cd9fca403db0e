// Bytes as text: base64 (RFC 4648), hex, and percent-encoding (RFC 3986 section 2.1). No state: any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace loadgen {

// RFC 4648 section 4.

/// Appends the padded base64 form of `bytes` to `out`.
void append_base64(std::string& out, std::string_view bytes);
std::string to_base64(std::string_view bytes);

/// Strict: padded, no line breaks, no stray characters. None when `text` is not base64.
std::optional<std::string> from_base64(std::string_view text);

// RFC 4648 section 5, without padding, as tokens have it (RFC 7515 section 2).

std::string to_base64_url(std::string_view bytes);
/// Strict: no padding, no other characters, and the one canonical form only, so that no two texts mean the
/// same bytes.
std::optional<std::string> from_base64_url(std::string_view text);

/// Lower case.
std::string to_hex(std::string_view bytes);

/// What a hex digit of either case stands for; -1 when it is none.
constexpr int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char folded = static_cast<char>(c | 0x20);
    return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
}

/// Letters, digits and `marks` stay as they are. Which marks do depends on the place in the URL.
std::string percent_encode(std::string_view bytes, std::string_view marks);

/// None when two hex digits do not follow a '%'. Everything else stays as it is.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace loadgen
