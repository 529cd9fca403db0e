#include "common/stats/interval_series.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>

#include "common/base/random.hpp"
#include "common/stats/hdr_codec.hpp"

namespace loadgen::stats {
namespace {

using namespace std::chrono_literals;

std::uint64_t sent(const CounterSeries& series) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < series.size(); ++i) sum += series.at(i).sent;
    return sum;
}

void expect_same(const HistogramSeries& a, const HistogramSeries& b) {
    ASSERT_EQ(a.step(), b.step());
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        const Histogram left = a.at(i);
        const Histogram right = b.at(i);
        EXPECT_EQ(encode_hdr(left), encode_hdr(right)) << i;
        EXPECT_EQ(left.min(), right.min());
        EXPECT_EQ(left.max(), right.max());
        EXPECT_EQ(left.total(), right.total());
    }
}

TEST(CounterSeries, PutsEventsIntoTheirInterval) {
    CounterSeries series(100ms, 10);
    series.add(0ms, {.sent = 1});
    series.add(99ms, {.completed = 2, .bytes_in = 30});
    series.add(100ms, {.failed = 4, .bytes_out = 5});
    series.add(250ms, {.sent = 6});
    series.add(-1s, {.sent = 10});
    ASSERT_EQ(series.size(), 3U);
    EXPECT_EQ(series.at(0), (IntervalCounters{.sent = 11, .completed = 2, .bytes_in = 30}));
    EXPECT_EQ(series.at(1), (IntervalCounters{.failed = 4, .bytes_out = 5}));
    EXPECT_EQ(series.at(2), (IntervalCounters{.sent = 6}));
    EXPECT_EQ(series.step(), 100ms);
}

TEST(CounterSeries, WhenFullNeighboursMergeAndNothingIsLost) {
    CounterSeries series(100ms, 4);
    for (int i = 0; i < 4; ++i) series.add(i * 100ms, {.sent = static_cast<std::uint64_t>(1 << i)});
    EXPECT_EQ(series.step(), 100ms);
    series.add(400ms, {.sent = 16});
    EXPECT_EQ(series.step(), 200ms);
    ASSERT_EQ(series.size(), 3U);
    EXPECT_EQ(series.at(0).sent, 1U + 2U);
    EXPECT_EQ(series.at(1).sent, 4U + 8U);
    EXPECT_EQ(series.at(2).sent, 16U);
    series.add(100ms, {.sent = 32});  // late, after the merge
    EXPECT_EQ(series.at(0).sent, 1U + 2U + 32U);
}

TEST(CounterSeries, AJumpFarAheadHalvesAsOftenAsNeeded) {
    CounterSeries series(100ms, 4);
    series.add(0ms, {.sent = 1});
    series.add(24h, {.sent = 2});
    EXPECT_LE(series.size(), 4U);
    EXPECT_GT(series.step() * 4, 24h);
    EXPECT_LE(series.step() * 2, 24h);
    EXPECT_EQ(sent(series), 3U);
    series.add(Nanos::max(), {.sent = 4});
    EXPECT_LE(series.size(), 4U);
    EXPECT_EQ(sent(series), 7U);
}

TEST(CounterSeries, HoldsAWeekInTheMemoryOfAnHour) {
    CounterSeries series;
    for (std::int64_t second = 0; second < 7 * 24 * 3600; second += 5)
        series.add(std::chrono::seconds(second), {.sent = 1});
    EXPECT_LE(series.size(), CounterSeries::kDefaultCapacity);
    EXPECT_EQ(sent(series), 7U * 24 * 3600 / 5);
}

TEST(CounterSeries, MergeEqualsOneSeriesAtAnyDistanceOfSteps) {
    for (const auto last : {300ms, 900ms, 5000ms, 100000ms}) {
        CounterSeries one(100ms, 8);
        CounterSeries a(100ms, 8);
        CounterSeries b(100ms, 8);
        Random random(11);
        for (int i = 0; i < 500; ++i) {
            // b lives up to `last`, a only in the first 700 ms: their steps drift apart.
            const bool to_a = random.below(2) == 0;
            const Nanos offset(static_cast<std::int64_t>(
                random.below(to_a ? 700'000'000 : static_cast<std::uint64_t>(Nanos(last).count()))));
            const IntervalCounters counters{.sent = random.below(5), .completed = random.below(3)};
            one.add(offset, counters);
            (to_a ? a : b).add(offset, counters);
        }
        CounterSeries forward = a;
        forward.merge(b);
        CounterSeries backward = b;
        backward.merge(a);
        ASSERT_EQ(forward.step(), one.step());
        ASSERT_EQ(backward.step(), one.step());
        for (std::size_t i = 0; i < one.size(); ++i) {
            EXPECT_EQ(forward.at(i), one.at(i));
            EXPECT_EQ(backward.at(i), one.at(i));
        }
    }
}

TEST(CounterSeries, AnOddCapacityIsRoundedUp) {
    CounterSeries series(1s, 3);
    for (int i = 0; i < 4; ++i) series.add(i * 1s, {.sent = 1});
    EXPECT_EQ(series.step(), 1s);
    EXPECT_EQ(series.size(), 4U);
}

TEST(HistogramSeries, PutsValuesIntoTheirInterval) {
    HistogramSeries series(1s, 10);
    series.record(100ms, 5ms);
    series.record(999ms, 7ms);
    series.record(2500ms, 9ms);
    ASSERT_EQ(series.size(), 3U);
    EXPECT_EQ(series.at(0).count(), 2U);
    EXPECT_EQ(series.at(0).max(), 7ms);
    EXPECT_EQ(series.at(1).count(), 0U);
    EXPECT_EQ(series.at(2).min(), 9ms);
}

TEST(HistogramSeries, LateAndHoppingSamplesAreCountedWhereTheyBelong) {
    HistogramSeries series(1s, 100);
    Random random(12);
    std::array<Histogram, 50> expected;
    for (int i = 0; i < 5000; ++i) {
        const std::size_t interval = random.below(50);
        const Nanos value(static_cast<std::int64_t>(random.below(3'000'000'000)));
        series.record(static_cast<std::int64_t>(interval) * 1s, value);
        expected[interval].record(value);
    }
    ASSERT_EQ(series.size(), 50U);
    for (std::size_t i = 0; i < 50; ++i) {
        EXPECT_EQ(encode_hdr(series.at(i)), encode_hdr(expected[i]));
        EXPECT_EQ(series.at(i).min(), expected[i].min());
        EXPECT_EQ(series.at(i).total(), expected[i].total());
    }
}

TEST(HistogramSeries, MergeEqualsOneSeries) {
    for (const std::uint64_t last_ms : {3'000U, 9'000U, 70'000U}) {
        HistogramSeries one(1s, 8);
        HistogramSeries a(1s, 8);
        HistogramSeries b(1s, 8);
        Random random(13);
        for (int i = 0; i < 2000; ++i) {
            const bool to_a = random.below(2) == 0;
            const auto offset = std::chrono::milliseconds(random.below(to_a ? 7'000 : last_ms));
            const Nanos value(static_cast<std::int64_t>(random.below(50'000'000)));
            one.record(offset, value);
            (to_a ? a : b).record(offset, value);
        }
        HistogramSeries forward = a;
        forward.merge(b);
        HistogramSeries backward = b;
        backward.merge(a);
        expect_same(forward, one);
        expect_same(backward, one);
    }
}

TEST(HistogramSeries, MemoryStaysBoundedHoweverLongTheRun) {
    HistogramSeries series(1s, 60);
    Random random(14);
    std::size_t most = 0;
    for (int second = 0; second < 20'000; second += 7) {
        for (int i = 0; i < 20; ++i) {
            series.record(second * 1s,
                          Nanos(static_cast<std::int64_t>(1'000'000 + random.below(20'000'000))));
        }
        most = std::max(most, series.packed_bytes());
    }
    EXPECT_LE(series.size(), 60U);
    EXPECT_LT(most, 60U * 10'000U);
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < series.size(); ++i) count += series.at(i).count();
    EXPECT_EQ(count, 2858U * 20U);
}

}  // namespace
}  // namespace loadgen::stats
