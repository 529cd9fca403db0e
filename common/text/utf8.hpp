// UTF-8 (RFC 3629), as far as formats need it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace loadgen::text {

/// Length in bytes of the valid sequence `bytes` starts with; 0 when there is none (overlong forms,
/// surrogates and values above U+10FFFF are not valid).
std::size_t utf8_sequence_length(std::string_view bytes);

/// Appends one character; surrogates and numbers beyond U+10FFFF become U+FFFD.
void append_utf8(std::string& out, std::uint32_t character);

/// Number of characters, counting every byte that belongs to no valid sequence as one (as Go does).
std::size_t utf8_length(std::string_view text);

/// True when the first character is white space in Unicode's sense.
bool starts_with_space(std::string_view text);

}  // namespace loadgen::text
