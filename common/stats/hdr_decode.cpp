#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/base/encoding.hpp"
#include "common/stats/foreign_buckets.hpp"
#include "common/stats/hdr_codec.hpp"
#include "common/stats/hdr_wire.hpp"
#include "common/stats/zigzag.hpp"

namespace loadgen::stats {
namespace {

using namespace hdr_wire;

constexpr int kMaxDigits = 5;

template <typename Unsigned>
Unsigned big_endian_at(std::string_view bytes, std::size_t offset) {
    Unsigned value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i) {
        value = static_cast<Unsigned>(value << 8 | static_cast<unsigned char>(bytes[offset + i]));
    }
    return value;
}

Error hdr_error(ErrorCode code, std::size_t offset, std::string_view what) {
    return {code, fmt::format("HDR histogram: byte {}: {}", offset, what)};
}

Result<HdrLayout> read_layout(std::string_view bytes) {
    HdrLayout layout;
    const auto digits = static_cast<std::int32_t>(big_endian_at<std::uint32_t>(bytes, 12));
    layout.significant_digits = digits;
    layout.lowest_discernible = static_cast<std::int64_t>(big_endian_at<std::uint64_t>(bytes, 16));
    layout.highest_trackable = static_cast<std::int64_t>(big_endian_at<std::uint64_t>(bytes, 24));
    if (digits < 0 || digits > kMaxDigits) {
        return hdr_error(ErrorCode::kSyntax, 12,
                         fmt::format("{} significant digits; allowed are 0 to {}", digits, kMaxDigits));
    }
    if (layout.lowest_discernible < 1) {
        return hdr_error(
            ErrorCode::kSyntax, 16,
            fmt::format("lowest discernible value {}; expected at least 1", layout.lowest_discernible));
    }
    if (layout.highest_trackable / 2 < layout.lowest_discernible) {
        return hdr_error(ErrorCode::kSyntax, 24,
                         fmt::format("highest trackable value {}; expected at least twice the lowest "
                                     "discernible value {}",
                                     layout.highest_trackable, layout.lowest_discernible));
    }
    return layout;
}

/// Puts counts of the sender's buckets into ours.
class CountSink {
  public:
    CountSink(DecodedHdr& target, const ForeignBuckets& buckets, double unit_ns)
        : target_(target), buckets_(buckets), unit_ns_(unit_ns) {}

    void add(std::size_t index, std::uint64_t times) {
        if (target_.exact && index <= last_index_) {
            target_.histogram.add_at(index, times);
            return;
        }
        const double ns = std::floor(buckets_.value_of(index) * unit_ns_);
        constexpr auto beyond = static_cast<double>(Histogram::kHighestTrackable + 1);
        target_.histogram.record_n(Nanos(static_cast<std::int64_t>(std::min(ns, beyond))), times);
    }

  private:
    DecodedHdr& target_;
    const ForeignBuckets& buckets_;
    double unit_ns_;
    std::size_t last_index_ = Histogram::index_of(Histogram::kHighestTrackable);
};

Result<void> read_counts(std::string_view bytes, const ForeignBuckets& buckets, CountSink sink) {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    std::size_t index = 0;
    std::uint64_t total = 0;
    for (std::size_t offset = kHeaderBytes; offset < bytes.size();) {
        const std::size_t start = offset;
        const std::optional<std::int64_t> number = take_zigzag(bytes, offset);
        if (!number) return hdr_error(ErrorCode::kSyntax, start, "the counts end within a number");
        const std::size_t room = buckets.index_count() - index;
        const auto size = static_cast<std::uint64_t>(*number);
        if (*number < 0) {
            if (0 - size > room) {
                return hdr_error(
                    ErrorCode::kSyntax, start,
                    fmt::format("a run of {} zeros, but only {} buckets are left", 0 - size, room));
            }
            index += 0 - size;
            continue;
        }
        if (room == 0) {
            return hdr_error(ErrorCode::kSyntax, start,
                             fmt::format("more counts than the {} buckets of the layout", index));
        }
        if (size > most - total) {
            return hdr_error(ErrorCode::kLimit, start, "the counts add up to more than 2^63 - 1");
        }
        total += size;
        sink.add(index++, size);
    }
    return {};
}

Result<DecodedHdr> decode_plain(std::string_view bytes, double unit_ns) {
    if (bytes.size() < kHeaderBytes) {
        return hdr_error(ErrorCode::kSyntax, bytes.size(),
                         fmt::format("the header ends early; expected {} bytes", kHeaderBytes));
    }
    const auto length = big_endian_at<std::uint32_t>(bytes, 4);
    if (length != bytes.size() - kHeaderBytes) {
        return hdr_error(ErrorCode::kSyntax, 4,
                         fmt::format("the header announces {} bytes of counts, but {} follow", length,
                                     bytes.size() - kHeaderBytes));
    }
    const Result<HdrLayout> layout = read_layout(bytes);
    if (!layout) return layout.error();
    const ForeignBuckets buckets(*layout);
    if (!buckets.fits()) {
        return hdr_error(ErrorCode::kSyntax, 12,
                         fmt::format("{} digits above a lowest discernible value of {} do not fit 64 bits",
                                     layout->significant_digits, layout->lowest_discernible));
    }
    DecodedHdr decoded;
    decoded.layout = *layout;
    decoded.exact = buckets.same_as_ours() && unit_ns == 1;
    const Result<void> counts = read_counts(bytes, buckets, CountSink(decoded, buckets, unit_ns));
    if (!counts) return counts.error();
    return decoded;
}

/// Inflates one whole zlib stream that must end with the input; never more than kMaxHdrBytes.
Result<std::string> inflate_all(std::string_view bytes) {
    std::string out(std::min(kMaxHdrBytes, std::max<std::size_t>(bytes.size() * 4, 4096)), '\0');
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) return Error{ErrorCode::kInternal, "zlib: no memory"};
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib never writes there
    stream.avail_in = static_cast<uInt>(bytes.size());
    int status = Z_OK;
    while (status == Z_OK) {
        if (stream.total_out == out.size()) {
            if (out.size() == kMaxHdrBytes) break;
            out.resize(std::min(kMaxHdrBytes, out.size() * 2));
        }
        stream.next_out = reinterpret_cast<Bytef*>(out.data()) + stream.total_out;
        stream.avail_out = static_cast<uInt>(out.size() - stream.total_out);
        status = inflate(&stream, Z_NO_FLUSH);
    }
    const std::size_t consumed = stream.total_in;
    out.resize(stream.total_out);
    inflateEnd(&stream);
    if (status == Z_OK) {
        return hdr_error(ErrorCode::kLimit, kCompressedHeaderBytes,
                         fmt::format("inflates to more than the limit of {} bytes", kMaxHdrBytes));
    }
    if (status != Z_STREAM_END) {
        return hdr_error(ErrorCode::kSyntax, kCompressedHeaderBytes + consumed,
                         status == Z_BUF_ERROR ? "the zlib stream ends early" : "not a valid zlib stream");
    }
    if (consumed != bytes.size()) {
        return hdr_error(ErrorCode::kSyntax, kCompressedHeaderBytes + consumed,
                         fmt::format("{} bytes after the zlib stream", bytes.size() - consumed));
    }
    return out;
}

Error bad_cookie(std::uint32_t cookie) {
    std::string_view what = "not an HDR histogram";
    ErrorCode code = ErrorCode::kUnsupported;
    switch (cookie & ~kWordSizeMask) {
        case kCookieV0:
        case kCookieV0Compressed:
            what = "HdrHistogram's V0 encoding is not read; write it again in V2";
            break;
        case kCookieV1:
        case kCookieV1Compressed:
            what = "HdrHistogram's V1 encoding is not read; write it again in V2";
            break;
        default:
            if (cookie == kCookieDouble || cookie == kCookieDoubleCompressed) {
                what = "a DoubleHistogram is not read; write an integer histogram";
            } else {
                code = ErrorCode::kSyntax;
            }
    }
    return hdr_error(
        code, 0,
        fmt::format("cookie 0x{:08x}: {}; expected V2 (0x1c849313 or 0x1c849314 compressed)", cookie, what));
}

Result<DecodedHdr> decode_compressed(std::string_view bytes, double unit_ns) {
    if (bytes.size() < kCompressedHeaderBytes) {
        return hdr_error(ErrorCode::kSyntax, bytes.size(), "the header ends early; expected 8 bytes");
    }
    const auto length = big_endian_at<std::uint32_t>(bytes, 4);
    if (length != bytes.size() - kCompressedHeaderBytes) {
        return hdr_error(ErrorCode::kSyntax, 4,
                         fmt::format("the header announces {} compressed bytes, but {} follow", length,
                                     bytes.size() - kCompressedHeaderBytes));
    }
    const Result<std::string> plain = inflate_all(bytes.substr(kCompressedHeaderBytes));
    if (!plain) return plain.error();
    if (plain->size() < 4 || big_endian_at<std::uint32_t>(*plain, 0) != (kCookieV2 | kWordSizeVarint)) {
        return hdr_error(ErrorCode::kSyntax, kCompressedHeaderBytes,
                         "the zlib stream does not hold a V2 histogram");
    }
    Result<DecodedHdr> decoded = decode_plain(*plain, unit_ns);
    if (!decoded) return with_context("after inflating: ", decoded.error());
    return decoded;
}

}  // namespace

Result<DecodedHdr> decode_hdr(std::string_view bytes, const HdrDecodeOptions& options) {
    if (!std::isfinite(options.unit_ns) || options.unit_ns <= 0) {
        return Error{
            ErrorCode::kUsage,
            fmt::format("HDR histogram: a unit of {} ns; expected a number above 0", options.unit_ns)};
    }
    if (bytes.size() > kMaxHdrBytes) {
        return Error{ErrorCode::kLimit,
                     fmt::format("HDR histogram: {} bytes; the limit is {}", bytes.size(), kMaxHdrBytes)};
    }
    if (bytes.size() < 4) {
        return hdr_error(ErrorCode::kSyntax, bytes.size(), "ends before the 4 bytes of the cookie");
    }
    const auto cookie = big_endian_at<std::uint32_t>(bytes, 0);
    if (cookie == (kCookieV2 | kWordSizeVarint)) return decode_plain(bytes, options.unit_ns);
    if (cookie == (kCookieV2Compressed | kWordSizeVarint)) return decode_compressed(bytes, options.unit_ns);
    return bad_cookie(cookie);
}

Result<DecodedHdr> decode_hdr_base64(std::string_view text, const HdrDecodeOptions& options) {
    if (text.size() / 4 * 3 > kMaxHdrBytes) {
        return Error{ErrorCode::kLimit, fmt::format("HDR histogram: {} characters of base64; the limit is {}",
                                                    text.size(), kMaxHdrBytes / 3 * 4)};
    }
    const std::optional<std::string> bytes = from_base64(text);
    if (!bytes) return Error{ErrorCode::kSyntax, "HDR histogram: not valid base64"};
    return decode_hdr(*bytes, options);
}

}  // namespace loadgen::stats
