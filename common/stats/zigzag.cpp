#include "common/stats/zigzag.hpp"

namespace loadgen::stats {
namespace {

constexpr int kBitsPerByte = 7;
constexpr int kShiftOfNinthByte = 8 * kBitsPerByte;

}  // namespace

void append_zigzag(std::string& out, std::int64_t value) {
    std::uint64_t rest = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
    for (int shift = 0; shift < kShiftOfNinthByte && rest > 0x7f; shift += kBitsPerByte) {
        out += static_cast<char>((rest & 0x7f) | 0x80);
        rest >>= kBitsPerByte;
    }
    out += static_cast<char>(rest);
}

std::optional<std::int64_t> take_zigzag(std::string_view bytes, std::size_t& offset) {
    std::uint64_t value = 0;
    std::size_t at = offset;
    for (int shift = 0; at < bytes.size(); shift += kBitsPerByte) {
        const std::uint64_t byte = static_cast<unsigned char>(bytes[at++]);
        const bool ninth = shift == kShiftOfNinthByte;
        value |= (ninth ? byte : byte & 0x7f) << shift;
        if (!ninth && (byte & 0x80) != 0) continue;
        offset = at;
        return static_cast<std::int64_t>((value >> 1) ^ (0 - (value & 1)));
    }
    return std::nullopt;
}

}  // namespace loadgen::stats
