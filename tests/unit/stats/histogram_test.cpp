#include "common/stats/histogram.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <utility>
#include <vector>

#include "tests/unit/stats/hdr_data.hpp"

namespace loadgen::stats {
namespace {

using namespace std::chrono_literals;

std::vector<std::uint64_t> counts(const Histogram& histogram) {
    std::vector<std::uint64_t> all;
    for (std::size_t i = 0; i < Histogram::kIndexCount; ++i) all.push_back(histogram.count_at(i));
    return all;
}

TEST(HistogramBuckets, CoverTheRangeWithoutGapOrOverlap) {
    EXPECT_EQ(Histogram::lowest_value_at(0), 0);
    for (std::size_t i = 1; i < Histogram::kIndexCount; ++i) {
        ASSERT_EQ(Histogram::lowest_value_at(i), Histogram::highest_value_at(i - 1) + 1) << i;
    }
    EXPECT_GE(Histogram::highest_value_at(Histogram::kIndexCount - 1), Histogram::kHighestTrackable);
}

TEST(HistogramBuckets, BothEdgesOfEveryBucketFallIntoIt) {
    const std::size_t last = Histogram::index_of(Histogram::kHighestTrackable);
    for (std::size_t i = 0; i <= last; ++i) {
        ASSERT_EQ(Histogram::index_of(Histogram::lowest_value_at(i)), i);
        ASSERT_EQ(Histogram::index_of(std::min(Histogram::highest_value_at(i), Histogram::kHighestTrackable)),
                  i);
    }
}

TEST(HistogramBuckets, KeepThreeDigits) {
    for (std::size_t i = 0; i < Histogram::kIndexCount; ++i) {
        const std::int64_t low = Histogram::lowest_value_at(i);
        const std::int64_t width = Histogram::highest_value_at(i) - low + 1;
        if (low < 2048 * 64) {
            ASSERT_EQ(width, 64) << i;
        } else {
            ASSERT_LE(static_cast<double>(width), static_cast<double>(low) / 1000.0) << i;
        }
    }
}

TEST(Histogram, EmptyAnswersZero) {
    const Histogram empty;
    EXPECT_EQ(empty.count(), 0U);
    EXPECT_EQ(empty.min(), 0ns);
    EXPECT_EQ(empty.max(), 0ns);
    EXPECT_EQ(empty.mean(), 0ns);
    EXPECT_EQ(empty.total(), 0ns);
    EXPECT_EQ(empty.standard_deviation(), 0.0);
    EXPECT_EQ(empty.value_at(0.5), 0ns);
    EXPECT_EQ(empty.count_at_or_below(1h), 0U);
}

TEST(Histogram, MinMaxMeanAndTotalAreExact) {
    Histogram histogram;
    histogram.record(Nanos(1'234'567'891));
    histogram.record(Nanos(7));
    histogram.record_n(Nanos(1'000'000'001), 3);
    EXPECT_EQ(histogram.count(), 5U);
    EXPECT_EQ(histogram.min().count(), 7);
    EXPECT_EQ(histogram.max().count(), 1'234'567'891);
    EXPECT_EQ(histogram.total().count(), 1'234'567'891 + 7 + 3'000'000'003);
    EXPECT_EQ(histogram.mean().count(), (1'234'567'891 + 7 + 3'000'000'003) / 5);
    EXPECT_EQ(histogram.value_at(0), histogram.min());
    EXPECT_EQ(histogram.value_at(1), histogram.max());
}

TEST(Histogram, ValuesOutsideTheRangeCountAtItsEnds) {
    Histogram histogram;
    histogram.record(-5ns);
    histogram.record(1h);
    EXPECT_EQ(histogram.clamped(), 0U);
    histogram.record_n(2h, 4);
    histogram.record(Nanos::max());
    EXPECT_EQ(histogram.count(), 7U);
    EXPECT_EQ(histogram.clamped(), 5U);
    EXPECT_EQ(histogram.min(), 0ns);
    EXPECT_EQ(histogram.max(), 1h);
    EXPECT_EQ(histogram.total(), 6h);
    EXPECT_EQ(histogram.count_at(Histogram::index_of(Histogram::kHighestTrackable)), 6U);
}

TEST(Histogram, RecordingZeroTimesChangesNothing) {
    Histogram histogram;
    histogram.record_n(5s, 0);
    histogram.add_at(100, 0);
    EXPECT_EQ(histogram.count(), 0U);
    EXPECT_EQ(histogram.max(), 0ns);
}

TEST(Histogram, TotalBeyondSixtyFourBitsSaturatesAndTheMeanStaysExact) {
    Histogram histogram;
    histogram.record_n(1h, 10'000'000);
    EXPECT_EQ(histogram.total(), Nanos::max());
    EXPECT_EQ(histogram.mean(), 1h);
}

TEST(Histogram, QuantilesUseTheRankNotItsBinaryRounding) {
    Histogram histogram;
    for (int i = 1; i <= 100; ++i) histogram.record(std::chrono::microseconds(i));
    // 0.07 * 100 is 7.000000000000001 in binary, 0.29 * 100 is 28.999999999999996.
    EXPECT_EQ(Histogram::index_of(histogram.value_at(0.07).count()), Histogram::index_of(7'000));
    EXPECT_EQ(Histogram::index_of(histogram.value_at(0.29).count()), Histogram::index_of(29'000));
    EXPECT_EQ(Histogram::index_of(histogram.value_at(0.50).count()), Histogram::index_of(50'000));
    EXPECT_EQ(Histogram::index_of(histogram.value_at(0.5001).count()), Histogram::index_of(51'000));
    EXPECT_EQ(histogram.value_at(0.99999).count(), 100'000);
    EXPECT_EQ(histogram.value_at(2.0).count(), 100'000);
    EXPECT_EQ(histogram.value_at(-1.0).count(), 1'000);
    EXPECT_EQ(histogram.value_at(std::nan("")).count(), 1'000);
}

TEST(Histogram, CountsAtOrBelowAValue) {
    Histogram histogram;
    for (int i = 1; i <= 10; ++i) histogram.record(std::chrono::milliseconds(i));
    EXPECT_EQ(histogram.count_at_or_below(-1ns), 0U);
    EXPECT_EQ(histogram.count_at_or_below(0ns), 0U);
    EXPECT_EQ(histogram.count_at_or_below(4ms), 4U);
    EXPECT_EQ(histogram.count_at_or_below(4500us), 4U);
    EXPECT_EQ(histogram.count_at_or_below(24h), 10U);
}

TEST(Histogram, StandardDeviationIsThatOfTheSamples) {
    Histogram histogram;
    double sum = 0;
    double squares = 0;
    const auto samples = hdr_data::samples(9, 20'000);
    for (const std::int64_t value : samples) {
        histogram.record(Nanos(value));
        sum += static_cast<double>(value);
        squares += static_cast<double>(value) * static_cast<double>(value);
    }
    const auto n = static_cast<double>(samples.size());
    const double expected = std::sqrt(squares / n - sum / n * (sum / n));
    EXPECT_NEAR(histogram.standard_deviation() / expected, 1.0, 0.0005);
}

TEST(Histogram, CopiesAreIndependent) {
    Histogram original = hdr_data::recorded(5, 100);
    Histogram copy(original);
    EXPECT_EQ(counts(copy), counts(original));
    copy.record(5s);
    EXPECT_EQ(original.count(), 100U);
    EXPECT_EQ(copy.count(), 101U);
    copy = original;
    EXPECT_EQ(copy.count(), 100U);
    EXPECT_EQ(copy.max(), original.max());
    Histogram& same = copy;
    copy = same;
    EXPECT_EQ(counts(copy), counts(original));
}

TEST(Histogram, AMovedFromHistogramIsEmptyAndUsable) {
    Histogram source = hdr_data::recorded(6, 100);
    const std::vector<std::uint64_t> before = counts(source);
    Histogram target(std::move(source));
    EXPECT_EQ(counts(target), before);
    EXPECT_EQ(source.count(), 0U);  // NOLINT(bugprone-use-after-move): that is what is tested
    EXPECT_EQ(source.min(), 0ns);
    source.record(3s);
    EXPECT_EQ(source.min(), 3s);
    target = std::move(source);
    EXPECT_EQ(target.count(), 1U);
    EXPECT_EQ(target.max(), 3s);
}

TEST(Histogram, ResetForgetsEverything) {
    Histogram histogram = hdr_data::recorded(7, 100);
    histogram.record(2h);
    histogram.reset();
    EXPECT_EQ(counts(histogram), counts(Histogram()));
    EXPECT_EQ(histogram.clamped(), 0U);
    EXPECT_EQ(histogram.total(), 0ns);
    histogram.record(3s);
    EXPECT_EQ(histogram.min(), 3s);
    EXPECT_EQ(histogram.max(), 3s);
}

TEST(Histogram, MergingAnEmptyOneChangesNothingInEitherDirection) {
    Histogram histogram = hdr_data::recorded(8, 50);
    const Histogram before = histogram;
    histogram.merge(Histogram());
    EXPECT_EQ(histogram.min(), before.min());
    Histogram empty;
    empty.merge(before);
    EXPECT_EQ(empty.min(), before.min());
    EXPECT_EQ(empty.max(), before.max());
    EXPECT_EQ(empty.total(), before.total());
    EXPECT_EQ(counts(empty), counts(before));
}

TEST(Histogram, AddingAtABucketTakesItsEdgesAndMiddle) {
    Histogram histogram;
    const std::size_t index = Histogram::index_of(1'000'000);
    const std::int64_t low = Histogram::lowest_value_at(index);
    const std::int64_t high = Histogram::highest_value_at(index);
    histogram.add_at(index, 2);
    EXPECT_EQ(histogram.min().count(), low);
    EXPECT_EQ(histogram.max().count(), high);
    EXPECT_EQ(histogram.mean().count(), (low + high + 1) / 2);
    histogram.add_at(Histogram::kIndexCount - 1, 1);
    EXPECT_EQ(histogram.max().count(), Histogram::kHighestTrackable);
}

}  // namespace
}  // namespace loadgen::stats
