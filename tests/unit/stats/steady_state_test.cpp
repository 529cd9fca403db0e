// Recording allocates nothing once an octave has been hit: the engine records on its hot path.
#include <gtest/gtest.h>

#include <chrono>

#include "common/stats/histogram.hpp"
#include "common/stats/interval_series.hpp"
#include "tests/support/alloc_counter.hpp"
#include "tests/unit/stats/hdr_data.hpp"

namespace loadgen::stats {
namespace {

TEST(SteadyState, RecordingIntoWarmSegmentsAllocatesNothing) {
    Histogram histogram;
    const auto samples = hdr_data::samples(1, 100'000);
    const std::size_t cold = test::allocations();
    for (const std::int64_t value : samples) histogram.record(Nanos(value));
    EXPECT_GT(test::allocations(), cold);  // the counter works
    EXPECT_LE(test::allocations() - cold, 27U);
    const std::size_t warm = test::allocations();
    for (const std::int64_t value : samples) histogram.record(Nanos(value));
    EXPECT_EQ(test::allocations(), warm);
    histogram.reset();
    for (const std::int64_t value : samples) histogram.record(Nanos(value));
    EXPECT_EQ(test::allocations(), warm);
}

TEST(SteadyState, RecordingIntoAnOpenIntervalAllocatesNothing) {
    HistogramSeries series;
    const auto samples = hdr_data::samples(2, 10'000);
    for (const std::int64_t value : samples) series.record(Nanos(0), Nanos(value));
    const std::size_t warm = test::allocations();
    for (const std::int64_t value : samples) series.record(Nanos(0), Nanos(value));
    EXPECT_EQ(test::allocations(), warm);
}

TEST(SteadyState, CountingIntoATouchedIntervalAllocatesNothing) {
    CounterSeries series;
    series.add(std::chrono::seconds(9), {});
    const std::size_t warm = test::allocations();
    for (int i = 0; i < 9000; ++i) series.add(std::chrono::milliseconds(i), {.sent = 1});
    EXPECT_EQ(test::allocations(), warm);
}

}  // namespace
}  // namespace loadgen::stats
