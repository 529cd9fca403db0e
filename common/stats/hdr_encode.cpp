#include <zlib.h>

#include <bit>

#include "common/base/encoding.hpp"
#include "common/stats/hdr_codec.hpp"
#include "common/stats/hdr_wire.hpp"
#include "common/stats/zigzag.hpp"

namespace loadgen::stats {
namespace {

using namespace hdr_wire;

template <typename Unsigned>
void append_big_endian(std::string& out, Unsigned value) {
    for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8) {
        out += static_cast<char>(value >> shift & 0xff);
    }
}

/// The counts up to the last one that is not 0; runs of zeros as one negative number.
std::string encode_counts(const Histogram& histogram) {
    std::string out;
    const std::size_t limit = Histogram::index_of(histogram.max().count()) + 1;
    for (std::size_t index = 0; index < limit;) {
        const std::uint64_t count = histogram.count_at(index);
        std::size_t end = index + 1;
        while (count == 0 && end < limit && histogram.count_at(end) == 0) ++end;
        const std::size_t run = end - index;
        // A lone zero is written as a count, as the reference implementation does.
        append_zigzag(out, run > 1 ? -static_cast<std::int64_t>(run) : static_cast<std::int64_t>(count));
        index = end;
    }
    return out;
}

}  // namespace

std::string encode_hdr(const Histogram& histogram) {
    const std::string counts = encode_counts(histogram);
    std::string out;
    out.reserve(kHeaderBytes + counts.size());
    append_big_endian(out, kCookieV2 | kWordSizeVarint);
    append_big_endian(out, static_cast<std::uint32_t>(counts.size()));
    append_big_endian(out, std::uint32_t{0});  // normalizing index offset: our buckets are never shifted
    append_big_endian(out, std::uint32_t{Histogram::kSignificantDigits});
    append_big_endian(out, static_cast<std::uint64_t>(Histogram::kLowestDiscernible));
    append_big_endian(out, static_cast<std::uint64_t>(Histogram::kHighestTrackable));
    append_big_endian(out, std::bit_cast<std::uint64_t>(1.0));  // integer to double conversion ratio
    return out + counts;
}

std::string encode_hdr_compressed(const Histogram& histogram) {
    const std::string plain = encode_hdr(histogram);
    uLongf size = compressBound(static_cast<uLong>(plain.size()));
    std::string body(size, '\0');
    // Cannot fail: the room is zlib's own bound, and its working memory is all it asks for.
    compress2(reinterpret_cast<Bytef*>(body.data()), &size, reinterpret_cast<const Bytef*>(plain.data()),
              static_cast<uLong>(plain.size()), Z_DEFAULT_COMPRESSION);
    body.resize(size);
    std::string out;
    append_big_endian(out, kCookieV2Compressed | kWordSizeVarint);
    append_big_endian(out, static_cast<std::uint32_t>(body.size()));
    return out + body;
}

std::string encode_hdr_base64(const Histogram& histogram) {
    return to_base64(encode_hdr_compressed(histogram));
}

}  // namespace loadgen::stats
