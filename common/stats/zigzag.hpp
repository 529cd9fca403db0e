// ZigZag LEB128-64b9B: the variable-length integers of HdrHistogram's V2 encoding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace loadgen::stats {

/// Appends `value` in 1 to 9 bytes: 7 bits a byte, lowest first, the ninth byte carrying 8.
void append_zigzag(std::string& out, std::int64_t value);

/// Reads one value at `offset` and moves it on. None when the bytes end within it; `offset` then stays.
std::optional<std::int64_t> take_zigzag(std::string_view bytes, std::size_t& offset);

}  // namespace loadgen::stats
