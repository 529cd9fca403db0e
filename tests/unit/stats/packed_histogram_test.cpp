#include "common/stats/packed_histogram.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "common/stats/hdr_codec.hpp"
#include "tests/unit/stats/hdr_data.hpp"

namespace loadgen::stats {
namespace {

using namespace std::chrono_literals;

void expect_same(const Histogram& a, const Histogram& b) {
    EXPECT_EQ(encode_hdr(a), encode_hdr(b));
    EXPECT_EQ(a.count(), b.count());
    EXPECT_EQ(a.clamped(), b.clamped());
    EXPECT_EQ(a.min(), b.min());
    EXPECT_EQ(a.max(), b.max());
    EXPECT_EQ(a.mean(), b.mean());
    EXPECT_EQ(a.total(), b.total());
}

TEST(PackedHistogram, UnpacksToWhatWasPacked) {
    Histogram histogram = hdr_data::recorded(1, 5000);
    histogram.record(2h);
    histogram.record(0ns);
    expect_same(PackedHistogram(histogram).unpack(), histogram);
}

TEST(PackedHistogram, OfNothingIsEmpty) {
    const PackedHistogram packed{Histogram()};
    EXPECT_TRUE(packed.empty());
    EXPECT_EQ(packed.bytes(), 0U);
    expect_same(packed.unpack(), Histogram());
    PackedHistogram target;
    target.add(Histogram());
    target.add(packed);
    EXPECT_TRUE(target.empty());
}

TEST(PackedHistogram, AddingEqualsMerging) {
    const Histogram a = hdr_data::recorded(2, 700);
    const Histogram b = hdr_data::recorded(3, 900);
    Histogram merged = a;
    merged.merge(b);
    PackedHistogram packed;
    packed.add(a);
    packed.add(b);
    expect_same(packed.unpack(), merged);
    PackedHistogram from_packed;
    from_packed.add(PackedHistogram(a));
    from_packed.add(PackedHistogram(b));
    expect_same(from_packed.unpack(), merged);
    Histogram target = a;
    PackedHistogram(b).merge_into(target);
    expect_same(target, merged);
}

TEST(PackedHistogram, IsSmall) {
    // One second at 50 000 requests a second over two and a half decades of latency.
    EXPECT_LT(PackedHistogram(hdr_data::recorded(4, 50'000)).bytes(), 20'000U);
}

}  // namespace
}  // namespace loadgen::stats
