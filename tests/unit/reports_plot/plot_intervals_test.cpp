#include "reports/model/plot_intervals.hpp"

#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace loadgen::reports {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

IntervalLog::Bounds bounds(std::int64_t first, std::int64_t due_end, std::int64_t end) {
    return {first, due_end, end};
}

TEST(Intervals, HeatRowsAreQuartersOfAnOctave) {
    EXPECT_EQ(heat_row(-5), 0);
    EXPECT_EQ(heat_row(0), 0);
    EXPECT_EQ(heat_row(1), 0);
    EXPECT_EQ(heat_row(2), 4);
    EXPECT_EQ(heat_row(1024), 40);
    EXPECT_EQ(heat_row(1023), 39);
}

TEST(Intervals, AnswersCountWhenTheyArriveAndFailuresWhenTheyWereDue) {
    IntervalLog log;
    log.add(0, 0, Nanos(50'000'000), false, 0);         // due in the first interval, answered in the second
    log.add(0, 1'000'000, Nanos(50'000'000), true, 5);  // failed: never answered
    log.add(0, 32'000'000, Nanos(1'000'000), false, 0);
    log.settle();
    const auto rows = log.intervals(0, bounds(0, 48'000'000, 50'250'000));
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].due, 2u);
    EXPECT_EQ(rows[0].answered, 0u);
    EXPECT_EQ(rows[0].failed[5], 1u);
    EXPECT_EQ(rows[0].max, Nanos(50'000'000));
    EXPECT_EQ(rows[1].due, 1u);
    EXPECT_EQ(rows[1].answered, 2u);
    EXPECT_EQ(rows[1].start, Nanos(31'250'000));
    EXPECT_EQ(rows[1].due_span, Nanos(16'750'000));
    EXPECT_EQ(rows[1].answer_span, Nanos(19'000'000));
}

TEST(Intervals, ASilenceIsShownAsEmptyIntervals) {
    IntervalLog log;
    for (int i = 0; i < 10; ++i) log.add(0, i, Nanos(1), false, 0);
    for (int i = 0; i < 10; ++i) log.add(0, kSecond + i, Nanos(1), false, 0);
    log.settle();
    const auto rows = log.intervals(0, bounds(0, kSecond + 10, kSecond + 11));
    ASSERT_EQ(rows.size(), 33u);
    EXPECT_EQ(rows[4].due, 0u);
    EXPECT_EQ(rows[4].answer_span, IntervalLog::kFirstWidth);
}

TEST(Intervals, LowRatesGetWiderIntervals) {
    IntervalLog log;
    for (int i = 0; i < 600; ++i) log.add(0, i * kSecond / 10, Nanos(1000), false, 0);  // 10/s for a minute
    log.settle();
    EXPECT_EQ(log.width(), Nanos(2 * kSecond));  // one more doubling would leave fewer than kFewest
}

RC_GTEST_PROP(IntervalsProperty, EveryRequestIsInOneIntervalWhateverTheOrderAndSpan, ()) {
    const auto span = std::int64_t{1} << *rc::gen::inRange(10, 61);
    const int attacks = *rc::gen::inRange(1, 5);
    IntervalLog log;
    std::vector<std::vector<std::int64_t>> dues(static_cast<std::size_t>(attacks));
    const int count = *rc::gen::inRange(1, 1500);
    const auto seed_times = *rc::gen::container<std::vector<std::int64_t>>(
        static_cast<std::size_t>(count), rc::gen::inRange<std::int64_t>(-span, span));
    for (std::size_t i = 0; i < seed_times.size(); ++i) {
        const std::size_t attack = i % static_cast<std::size_t>(attacks);
        dues[attack].push_back(seed_times[i]);
        log.add(attack, seed_times[i], Nanos(static_cast<std::int64_t>(i)), i % 3 == 0,
                i % kFailureGroupCount);
    }
    log.settle();
    std::uint64_t due = 0;
    std::uint64_t answered = 0;
    std::uint64_t failed = 0;
    std::uint64_t heat = 0;
    for (std::size_t attack = 0; attack < dues.size(); ++attack) {
        if (dues[attack].empty()) continue;
        const auto [low, high] = std::minmax_element(dues[attack].begin(), dues[attack].end());
        const auto rows = log.intervals(attack, bounds(*low, *high, *high + count));
        RC_ASSERT(rows.size() <= static_cast<std::size_t>(IntervalLog::kIntervalLimit));
        for (const PlotInterval& row : rows) {
            due += row.due;
            answered += row.answered;
            failed = std::accumulate(row.failed.begin(), row.failed.end(), failed);
            for (const auto& [_, n] : row.heat) heat += n;
            RC_ASSERT(row.due_span <= log.width());
        }
    }
    const auto all = static_cast<std::uint64_t>(count);
    RC_ASSERT(due == all);
    RC_ASSERT(heat == all);
    RC_ASSERT(failed == (all + 2) / 3);
    RC_ASSERT(answered == all - failed);
}

}  // namespace
}  // namespace loadgen::reports
