// Bytes as text: base64 (RFC 4648 section 4) and lower-case hex.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace loadgen {

/// Appends the padded base64 form of `bytes` to `out`.
void append_base64(std::string& out, std::string_view bytes);
std::string to_base64(std::string_view bytes);

/// Strict: padded, no line breaks, no stray characters. None when `text` is not base64.
std::optional<std::string> from_base64(std::string_view text);

std::string to_hex(std::string_view bytes);

}  // namespace loadgen
