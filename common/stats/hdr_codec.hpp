// HdrHistogram's V2 binary form, plain and compressed, and its base64 text: what interval logs, reports and
// foreign tools (Java, C, JavaScript, Go, Rust ports) exchange.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/stats/histogram.hpp"

namespace loadgen::stats {

/// The plain V2 form (cookie 0x1c849313): a 40-byte header, then the counts up to the maximum.
std::string encode_hdr(const Histogram& histogram);
/// The compressed V2 form (cookie 0x1c849314): a zlib stream of the plain form.
std::string encode_hdr_compressed(const Histogram& histogram);
/// base64 of the compressed form, as a log line carries it. Begins with "HISTFAAA".
std::string encode_hdr_base64(const Histogram& histogram);

/// The bucketing that a histogram was recorded with.
struct HdrLayout {
    std::int64_t lowest_discernible = Histogram::kLowestDiscernible;
    std::int64_t highest_trackable = Histogram::kHighestTrackable;
    int significant_digits = Histogram::kSignificantDigits;
};

struct DecodedHdr {
    Histogram histogram;
    HdrLayout layout;    ///< of the sender, in the sender's unit
    bool exact = false;  ///< the sender's buckets are ours: every count sits where the sender had it
};

struct HdrDecodeOptions {
    /// Nanoseconds in one unit of the sender: 1000 for a log in microseconds. Finite and above 0.
    double unit_ns = 1;
};

/// Decoded histograms and log lines larger than this are refused, so that no small file claims much memory.
inline constexpr std::size_t kMaxHdrBytes = std::size_t{16} << 20;

/// Reads either form; the cookie tells which. Errors (kSyntax, kLimit, kUnsupported) name the byte.
///
/// What is lost: the format carries no exact minimum, maximum and sum, so these become those of the buckets
/// (`Histogram::add_at`). When the sender's buckets are ours (lowest discernible value 64..127, 3 digits,
/// unit_ns 1) nothing else is. Otherwise each count moves to our bucket around the middle of the sender's
/// bucket, times unit_ns: a value is off by at most half the sender's bucket (0.05 % at 3 digits, 5 % at 1)
/// plus our own 0.1 % or 64 ns. Values above our range count as clamped. The header's normalizing index
/// offset and conversion ratio describe the sender's memory, not the counts, and are not used.
Result<DecodedHdr> decode_hdr(std::string_view bytes, const HdrDecodeOptions& options = {});
Result<DecodedHdr> decode_hdr_base64(std::string_view text, const HdrDecodeOptions& options = {});

}  // namespace loadgen::stats
