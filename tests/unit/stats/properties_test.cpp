// Properties that hold for every input; RapidCheck searches for one where they do not.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "common/stats/hdr_codec.hpp"
#include "common/stats/histogram.hpp"
#include "common/stats/packed_histogram.hpp"
#include "common/stats/zigzag.hpp"

namespace loadgen::stats {
namespace {

/// Values spread over all octaves of the range and a bit beyond either end.
rc::Gen<std::int64_t> any_value() {
    return rc::gen::map(rc::gen::pair(rc::gen::inRange(0, 44), rc::gen::arbitrary<std::uint64_t>()),
                        [](const std::pair<int, std::uint64_t>& drawn) {
                            const auto magnitude =
                                static_cast<std::int64_t>(drawn.second >> (63 - drawn.first));
                            return drawn.first == 0 ? -magnitude : magnitude;
                        });
}

rc::Gen<std::vector<std::int64_t>> any_values() {
    return rc::gen::container<std::vector<std::int64_t>>(any_value());
}

Histogram recorded(const std::vector<std::int64_t>& values) {
    Histogram histogram;
    for (const std::int64_t value : values) histogram.record(Nanos(value));
    return histogram;
}

void assert_same(const Histogram& a, const Histogram& b) {
    RC_ASSERT(encode_hdr(a) == encode_hdr(b));
    RC_ASSERT(a.count() == b.count());
    RC_ASSERT(a.clamped() == b.clamped());
    RC_ASSERT(a.min() == b.min());
    RC_ASSERT(a.max() == b.max());
    RC_ASSERT(a.total() == b.total());
}

std::int64_t in_range(std::int64_t value) {
    return std::clamp(value, std::int64_t{0}, Histogram::kHighestTrackable);
}

RC_GTEST_PROP(HistogramProperty, MergingEqualsRecordingEverythingInOne, ()) {
    const auto a = *any_values();
    const auto b = *any_values();
    const auto c = *any_values();
    std::vector<std::int64_t> all = a;
    all.insert(all.end(), b.begin(), b.end());
    all.insert(all.end(), c.begin(), c.end());
    Histogram left = recorded(a);
    left.merge(recorded(b));
    left.merge(recorded(c));
    assert_same(left, recorded(all));
    Histogram right = recorded(c);
    right.merge(recorded(b));
    right.merge(recorded(a));
    assert_same(right, left);
}

RC_GTEST_PROP(HistogramProperty, QuantilesAreTheSortedVectors, ()) {
    const auto values = *rc::gen::nonEmpty(any_values());
    const auto per_mille = *rc::gen::inRange(0, 1001);
    std::vector<std::int64_t> sorted;
    for (const std::int64_t value : values) sorted.push_back(in_range(value));
    std::sort(sorted.begin(), sorted.end());
    // ceil(q * n) in whole numbers: the definition, free of floating point.
    const std::size_t rank =
        std::max<std::size_t>((static_cast<std::size_t>(per_mille) * sorted.size() + 999) / 1000, 1);
    const std::int64_t expected = sorted[rank - 1];
    const std::int64_t found = recorded(values).value_at(per_mille / 1000.0).count();
    RC_ASSERT(Histogram::index_of(found) == Histogram::index_of(expected));
    RC_ASSERT(found >= expected);
    RC_ASSERT(found <= sorted.back());
}

RC_GTEST_PROP(HistogramProperty, CountAtOrBelowIsTheSortedVectorsUpToTheBucketsEdge, ()) {
    const auto values = *any_values();
    const auto limit = *any_value();
    const Histogram histogram = recorded(values);
    const auto below = [&values](auto edge) {
        return static_cast<std::uint64_t>(std::count_if(
            values.begin(), values.end(), [edge](std::int64_t v) { return in_range(v) <= edge; }));
    };
    if (limit < 0) {
        RC_ASSERT(histogram.count_at_or_below(Nanos(limit)) == 0U);
    } else {
        RC_ASSERT(histogram.count_at_or_below(Nanos(limit)) ==
                  below(Histogram::highest_value_at(Histogram::index_of(limit))));
    }
}

RC_GTEST_PROP(HdrCodecProperty, RoundTripKeepsEveryCount, ()) {
    const Histogram histogram = recorded(*any_values());
    for (const std::string& bytes : {encode_hdr(histogram), encode_hdr_compressed(histogram)}) {
        const Result<DecodedHdr> back = decode_hdr(bytes);
        RC_ASSERT(back.has_value());
        RC_ASSERT(back->exact);
        RC_ASSERT(encode_hdr(back->histogram) == encode_hdr(histogram));
        RC_ASSERT(back->histogram.count() == histogram.count());
    }
}

RC_GTEST_PROP(HdrCodecProperty, ArbitraryBytesAreAnErrorOrAHistogramButNeverACrash, ()) {
    std::string bytes = encode_hdr(recorded(*any_values()));
    const auto edits = *rc::gen::container<std::vector<std::pair<std::uint32_t, char>>>(
        rc::gen::pair(rc::gen::arbitrary<std::uint32_t>(), rc::gen::arbitrary<char>()));
    for (const auto& [at, byte] : edits) bytes[at % bytes.size()] = byte;
    const Result<DecodedHdr> decoded = decode_hdr(bytes);
    if (!decoded) RC_ASSERT(!decoded.error().message.empty());
}

RC_GTEST_PROP(PackedProperty, PackingKeepsEverything, ()) {
    const Histogram a = recorded(*any_values());
    const Histogram b = recorded(*any_values());
    assert_same(PackedHistogram(a).unpack(), a);
    PackedHistogram packed(a);
    packed.add(b);
    Histogram merged = a;
    merged.merge(b);
    assert_same(packed.unpack(), merged);
}

RC_GTEST_PROP(ZigzagProperty, EveryNumberComesBack, (std::int64_t value)) {
    std::string bytes;
    append_zigzag(bytes, value);
    RC_ASSERT(bytes.size() <= 9U);
    std::size_t offset = 0;
    RC_ASSERT(take_zigzag(bytes, offset) == value);
    RC_ASSERT(offset == bytes.size());
}

}  // namespace
}  // namespace loadgen::stats
