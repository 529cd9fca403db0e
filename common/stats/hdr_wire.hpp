// Internal to the HDR codec: the numbers that V2's header is made of.
#pragma once

#include <cstddef>
#include <cstdint>

namespace loadgen::stats::hdr_wire {

// The word-size field (0x10) marks variable-length counts; the bits around it name the version and the form.
inline constexpr std::uint32_t kWordSizeMask = 0xf0;
inline constexpr std::uint32_t kWordSizeVarint = 0x10;
inline constexpr std::uint32_t kCookieV0 = 0x1c849308;
inline constexpr std::uint32_t kCookieV0Compressed = 0x1c849309;
inline constexpr std::uint32_t kCookieV1 = 0x1c849301;
inline constexpr std::uint32_t kCookieV1Compressed = 0x1c849302;
inline constexpr std::uint32_t kCookieV2 = 0x1c849303;
inline constexpr std::uint32_t kCookieV2Compressed = 0x1c849304;
inline constexpr std::uint32_t kCookieDouble = 0x0c72124e;
inline constexpr std::uint32_t kCookieDoubleCompressed = 0x0c72124f;
inline constexpr std::size_t kHeaderBytes = 40;
inline constexpr std::size_t kCompressedHeaderBytes = 8;

}  // namespace loadgen::stats::hdr_wire
