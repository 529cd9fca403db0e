#include "loadgen/engine/exchanges/trace_mint.hpp"

#include <string_view>

namespace loadgen::engine {
namespace {

constexpr unsigned kNumberBits = 48;  // of requests of a worker; the rest is the worker's number

/// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): bijective, and 0 only for 0.
std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31U);
}

void put_big_endian(std::span<std::uint8_t, 8> out, std::uint64_t value) {
    for (std::size_t i = 8; i-- > 0; value >>= 8U) out[i] = static_cast<std::uint8_t>(value);
}

char* put_hex(char* out, std::span<const std::uint8_t> bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (const std::uint8_t byte : bytes) {
        *out++ = kDigits[byte >> 4U];
        *out++ = kDigits[byte & 15U];
    }
    return out;
}

char* put_text(char* out, std::string_view text) {
    for (const char c : text) *out++ = c;
    return out;
}

}  // namespace

void write_traceparent(TraceparentText& out, const TraceIds& ids) {
    char* at = put_text(out.data(), "00-");
    at = put_hex(at, ids.trace.bytes);
    at = put_text(at, "-");
    at = put_hex(at, ids.span.bytes);
    put_text(at, "-01");
}

void append_hex(std::string& out, std::span<const std::uint8_t> bytes) {
    const std::size_t before = out.size();
    out.resize(before + 2 * bytes.size());
    put_hex(out.data() + before, bytes);
}

TraceMint::TraceMint(std::uint64_t salt, std::uint32_t epoch_seconds, std::uint16_t worker)
    : salt_(mix(salt + 1)),
      key_(mix(salt + 2)),
      epoch_(std::uint64_t{epoch_seconds} << 32U),
      number_(std::uint64_t{worker} << kNumberBits) {}

TraceIds TraceMint::next() {
    // The one number whose mix is 0, which no id may be, is passed over.
    if ((++number_ ^ salt_) == 0) ++number_;
    const std::uint64_t low = mix(number_ ^ salt_);
    const std::uint64_t check = mix(low ^ key_) >> 32U;
    const std::uint64_t span = mix(low + key_);
    TraceIds ids;
    const std::span<std::uint8_t, 16> trace(ids.trace.bytes);
    put_big_endian(trace.first<8>(), epoch_ | check);
    put_big_endian(trace.last<8>(), low);
    put_big_endian(ids.span.bytes, span != 0 ? span : 1);
    return ids;
}

}  // namespace loadgen::engine
