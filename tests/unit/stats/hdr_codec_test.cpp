#include "common/stats/hdr_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <chrono>
#include <string>

#include "common/base/encoding.hpp"
#include "tests/unit/stats/hdr_data.hpp"

namespace loadgen::stats {
namespace {

using hdr_data::facts;
using hdr_data::Facts;
using hdr_data::read_base64;
using namespace std::chrono_literals;

DecodedHdr decoded(const std::string& name, double unit_ns = 1) {
    Result<DecodedHdr> result = decode_hdr_base64(read_base64(name), {.unit_ns = unit_ns});
    EXPECT_TRUE(result) << name << ": " << result.error().message;
    return result ? *std::move(result) : DecodedHdr{};
}

std::string big_endian(std::uint64_t value, int bytes) {
    std::string out;
    for (int shift = bytes * 8 - 8; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
    return out;
}

/// A plain V2 histogram with any header and any counts.
std::string plain(const std::string& counts, std::int32_t digits = 3, std::int64_t lowest = 64,
                  std::int64_t highest = Histogram::kHighestTrackable) {
    return big_endian(0x1c849313, 4) + big_endian(counts.size(), 4) + big_endian(0, 4) +
           big_endian(static_cast<std::uint32_t>(digits), 4) +
           big_endian(static_cast<std::uint64_t>(lowest), 8) +
           big_endian(static_cast<std::uint64_t>(highest), 8) + big_endian(0x3ff0000000000000, 8) + counts;
}

std::string compressed(const std::string& contents) {
    uLongf size = compressBound(contents.size());
    std::string body(size, '\0');
    compress(reinterpret_cast<Bytef*>(body.data()), &size, reinterpret_cast<const Bytef*>(contents.data()),
             contents.size());
    body.resize(size);
    return big_endian(0x1c849314, 4) + big_endian(body.size(), 4) + body;
}

std::string message(const std::string& bytes) {
    const Result<DecodedHdr> result = decode_hdr(bytes);
    return result ? "decoded" : result.error().message;
}

// -- Written by others, read by us.

class SameLayout : public testing::TestWithParam<std::string> {};

TEST_P(SameLayout, EveryCountAndPercentileIsTheWritersOwn) {
    const Facts expected = facts(GetParam() + ".facts");
    const DecodedHdr result = decoded(GetParam() + ".b64");
    const Histogram& histogram = result.histogram;
    EXPECT_TRUE(result.exact);
    EXPECT_EQ(histogram.count(), expected.count);
    ASSERT_EQ(expected.percentiles.size(), 13U);
    for (const auto& [percentile, value] : expected.percentiles) {
        EXPECT_EQ(histogram.value_at(percentile / 100).count(), value) << percentile;
    }
    for (const auto& [value, count] : expected.up_to) {
        EXPECT_EQ(histogram.count_at_or_below(Nanos(value)), count) << value;
    }
    // The writer recorded the same samples as we do here: bucket for bucket.
    const Histogram ours = hdr_data::recorded(1, 5000);
    for (std::size_t i = 0; i < Histogram::kIndexCount; ++i) {
        ASSERT_EQ(histogram.count_at(i), ours.count_at(i)) << "bucket " << i;
    }
}

INSTANTIATE_TEST_SUITE_P(JavaAndJavaScript, SameLayout, testing::Values("java-nanos", "js-nanos"));

TEST(HdrDecode, JavasMinimumAndMaximumAreTheEdgesOfTheirBuckets) {
    const Facts expected = facts("java-nanos.facts");
    const DecodedHdr result = decoded("java-nanos.plain.b64");
    EXPECT_EQ(result.histogram.min().count(), expected.min);
    EXPECT_EQ(result.histogram.max().count(), expected.max);
    EXPECT_EQ(result.layout.lowest_discernible, 64);
    EXPECT_EQ(result.layout.highest_trackable, 3'600'000'000'000);
    EXPECT_EQ(result.layout.significant_digits, 3);
}

struct OtherLayout {
    std::string name;
    double unit_ns;
    double tolerance;  // relative: half of the sender's bucket, our bucket, and the sender's reporting of its
                       // top
};

class OtherLayouts : public testing::TestWithParam<OtherLayout> {};

TEST_P(OtherLayouts, CountIsExactAndPercentilesAreWithinTheStatedLoss) {
    const auto& [name, unit_ns, tolerance] = GetParam();
    const Facts expected = facts(name + ".facts");
    for (const std::string form : {".b64", ".plain.b64"}) {
        if (form == ".plain.b64" && name.starts_with("js")) continue;  // the library writes only one form
        const DecodedHdr result = decoded(name + form, unit_ns);
        EXPECT_FALSE(result.exact);
        EXPECT_EQ(result.histogram.count(), expected.count);
        EXPECT_EQ(result.histogram.clamped(), 0U);
        ASSERT_EQ(expected.percentiles.size(), 13U);
        for (const auto& [percentile, value] : expected.percentiles) {
            const double theirs = static_cast<double>(value) * unit_ns;
            const auto ours = static_cast<double>(result.histogram.value_at(percentile / 100).count());
            EXPECT_NEAR(ours / theirs, 1.0, tolerance) << name << " p" << percentile;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Layouts, OtherLayouts,
                         testing::Values(OtherLayout{"java-micros", 1000, 0.0015},
                                         OtherLayout{"js-micros", 1000, 0.0015},
                                         OtherLayout{"java-one-digit", 1, 0.0325},
                                         OtherLayout{"java-five-digits-auto", 1000, 0.001}));

TEST(HdrDecode, AnEmptyHistogramIsEmpty) {
    for (const std::string name : {"java-empty.b64", "java-empty.plain.b64"}) {
        const DecodedHdr result = decoded(name);
        EXPECT_EQ(result.histogram.count(), 0U);
        EXPECT_EQ(result.histogram.max(), 0ns);
    }
}

// -- Written by us.

TEST(HdrEncode, PlainFormIsByteForByteTheReferences) {
    EXPECT_EQ(to_base64(encode_hdr(hdr_data::recorded(1, 5000))), read_base64("java-nanos.plain.b64"));
    EXPECT_EQ(to_base64(encode_hdr(Histogram())), read_base64("java-empty.plain.b64"));
}

TEST(HdrEncode, Base64BeginsAsEveryToolExpects) {
    EXPECT_THAT(encode_hdr_base64(hdr_data::recorded(1, 10)), testing::StartsWith("HISTFAAA"));
}

TEST(HdrEncode, TheEndsOfTheRangeSurvive) {
    Histogram histogram;
    histogram.record(0ns);
    histogram.record_n(1h, 1'000'000'000'000);
    const Result<DecodedHdr> back = decode_hdr(encode_hdr_compressed(histogram));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->histogram.count(), 1'000'000'000'001U);
    EXPECT_EQ(back->histogram.value_at(1), 1h);
    EXPECT_EQ(back->histogram.count_at(0), 1U);
}

// -- Layouts and units.

TEST(HdrDecode, AValueInABucketOfOneIsItself) {
    // Unit 1, 3 digits: counts of the values 0, 1, 2, ...; three times the value 5 in units of 1 ms.
    const Result<DecodedHdr> result = decode_hdr(plain("\x09\x06", 3, 1, 3'600'000), {.unit_ns = 1e6});
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->histogram.count(), 3U);
    EXPECT_EQ(result->histogram.max(), 5ms);
    EXPECT_EQ(result->histogram.min(), 5ms);
}

TEST(HdrDecode, ValuesAboveOurRangeAreClampedAndCounted) {
    // The same counts in units of 1 h.
    const Result<DecodedHdr> result = decode_hdr(plain("\x09\x06", 3, 1, 3'600'000), {.unit_ns = 3.6e12});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->histogram.clamped(), 3U);
    EXPECT_EQ(result->histogram.max(), 1h);
}

TEST(HdrDecode, OurBucketsWithAWiderRangeAreStillExact) {
    const Histogram histogram = hdr_data::recorded(2, 300);
    std::string bytes = encode_hdr(histogram);
    bytes.replace(24, 8, big_endian(std::uint64_t{1} << 60, 8));
    const Result<DecodedHdr> back = decode_hdr(bytes);
    ASSERT_TRUE(back);
    EXPECT_TRUE(back->exact);
    EXPECT_EQ(encode_hdr(back->histogram), encode_hdr(histogram));
}

// -- Bad input.

TEST(HdrDecodeErrors, NameTheByteAndWhatIsWrong) {
    using testing::HasSubstr;
    using testing::StartsWith;
    EXPECT_EQ(message(""), "HDR histogram: byte 0: ends before the 4 bytes of the cookie");
    EXPECT_EQ(message("GET / HTTP/1.1"),
              "HDR histogram: byte 0: cookie 0x47455420: not an HDR histogram; expected V2 (0x1c849313 or "
              "0x1c849314 "
              "compressed)");
    EXPECT_THAT(message(big_endian(0x1c849301, 4)), HasSubstr("V1 encoding is not read"));
    EXPECT_THAT(message(big_endian(0x1c849322, 4)), HasSubstr("V1 encoding is not read"));
    EXPECT_THAT(message(big_endian(0x1c849308, 4)), HasSubstr("V0 encoding is not read"));
    EXPECT_THAT(message(big_endian(0x0c72124e, 4)), HasSubstr("DoubleHistogram"));
    EXPECT_EQ(message(big_endian(0x1c849313, 4)),
              "HDR histogram: byte 4: the header ends early; expected 40 bytes");
    EXPECT_EQ(message(plain("\x02") + "x"),
              "HDR histogram: byte 4: the header announces 1 bytes of counts, but 2 follow");
    EXPECT_EQ(message(plain("\x02").substr(0, 40)),
              "HDR histogram: byte 4: the header announces 1 bytes of counts, but 0 follow");
    EXPECT_EQ(message(plain("", 6)), "HDR histogram: byte 12: 6 significant digits; allowed are 0 to 5");
    EXPECT_EQ(message(plain("", -1)), "HDR histogram: byte 12: -1 significant digits; allowed are 0 to 5");
    EXPECT_EQ(message(plain("", 3, 0)),
              "HDR histogram: byte 16: lowest discernible value 0; expected at least 1");
    EXPECT_EQ(
        message(plain("", 3, 100, 199)),
        "HDR histogram: byte 24: highest trackable value 199; expected at least twice the lowest discernible "
        "value 100");
    EXPECT_EQ(message(plain("", 5, std::int64_t{1} << 60, std::int64_t{1} << 62)),
              "HDR histogram: byte 12: 5 digits above a lowest discernible value of 1152921504606846976 do "
              "not fit 64 "
              "bits");
    EXPECT_EQ(message(plain("\x02\x80")), "HDR histogram: byte 41: the counts end within a number");
    EXPECT_EQ(message(plain("\xff\xff\xff\xff\xff\xff\xff\xff\xff")),
              "HDR histogram: byte 40: a run of 9223372036854775808 zeros, but only 27648 buckets are left");
    EXPECT_EQ(message(plain(std::string("\xff\xaf\x03\x02", 4))),
              "HDR histogram: byte 43: more counts than the 27648 buckets of the layout");
    EXPECT_EQ(message(plain("\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x02")),
              "HDR histogram: byte 49: the counts add up to more than 2^63 - 1");
}

TEST(HdrDecodeErrors, CompressedForm) {
    using testing::HasSubstr;
    const std::string good = compressed(plain("\x02"));
    EXPECT_EQ(message(good), "decoded");
    EXPECT_EQ(message(good.substr(0, 6)), "HDR histogram: byte 6: the header ends early; expected 8 bytes");
    EXPECT_THAT(message(good + "x"), HasSubstr("byte 4: the header announces "));
    std::string cut = good.substr(0, good.size() - 4);
    cut.replace(4, 4, big_endian(cut.size() - 8, 4));
    EXPECT_THAT(message(cut), HasSubstr("the zlib stream ends early"));
    std::string longer = good + "xyz";
    longer.replace(4, 4, big_endian(longer.size() - 8, 4));
    EXPECT_THAT(message(longer), HasSubstr("3 bytes after the zlib stream"));
    std::string broken = good;
    broken[8] = '\0';
    EXPECT_THAT(message(broken), HasSubstr("not a valid zlib stream"));
    EXPECT_EQ(message(compressed("short")),
              "HDR histogram: byte 8: the zlib stream does not hold a V2 histogram");
    EXPECT_EQ(message(compressed(plain("\x80"))),
              "after inflating: HDR histogram: byte 40: the counts end within a number");
}

TEST(HdrDecodeErrors, ABombIsRefusedAtTheLimit) {
    const std::string bomb = compressed(std::string(kMaxHdrBytes + 1, '\0'));
    EXPECT_LT(bomb.size(), 20'000U);
    EXPECT_EQ(message(bomb), "HDR histogram: byte 8: inflates to more than the limit of 16777216 bytes");
    EXPECT_EQ(message(std::string(kMaxHdrBytes + 1, '\0')),
              "HDR histogram: 16777217 bytes; the limit is 16777216");
}

TEST(HdrDecodeErrors, Base64AndUnit) {
    EXPECT_EQ(decode_hdr_base64("HISTFAAA*").error().message, "HDR histogram: not valid base64");
    for (const double unit : {0.0, -1.0, 1.0 / 0.0, 0.0 / 0.0}) {
        const Result<DecodedHdr> result = decode_hdr(plain("\x02"), {.unit_ns = unit});
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, ErrorCode::kUsage);
    }
}

TEST(HdrDecodeErrors, EveryTruncationIsAnErrorAndEveryFlippedByteIsSurvived) {
    const std::string whole = encode_hdr(hdr_data::recorded(3, 200));
    for (std::size_t length = 0; length < whole.size(); ++length) {
        EXPECT_FALSE(decode_hdr(whole.substr(0, length))) << length;
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const char flip : {'\x01', '\x80', '\xff'}) {
            std::string bent = whole;
            bent[at] = static_cast<char>(bent[at] ^ flip);
            const Result<DecodedHdr> result = decode_hdr(bent);
            EXPECT_TRUE(result || !result.error().message.empty());
        }
    }
}

}  // namespace
}  // namespace loadgen::stats
