#include "reports/model/latency_buckets.hpp"

#include <gtest/gtest.h>

namespace loadgen::reports {
namespace {

using std::chrono::milliseconds;

TEST(LatencyBuckets, CountFromABoundToBelowTheNext) {
    auto buckets = LatencyBuckets::parse("[1ms, 10ms]");
    ASSERT_TRUE(buckets);
    EXPECT_EQ(buckets->bounds(), (std::vector<Nanos>{Nanos(0), milliseconds(1), milliseconds(10)}));
    for (const Nanos latency : {Nanos(0), Nanos(999'999), Nanos(1'000'000), Nanos(9'999'999),
                                Nanos(10'000'000), Nanos(1LL << 60)}) {
        buckets->add(latency);
    }
    EXPECT_EQ(buckets->counts(), (std::vector<std::uint64_t>{2, 2, 2}));
    EXPECT_EQ(buckets->total(), 6U);
}

TEST(LatencyBuckets, SayWhatIsWrong) {
    const auto error = [](std::string_view text) { return LatencyBuckets::parse(text).error().message; };
    EXPECT_EQ(error("1ms,2ms"),
              "bad buckets \"1ms,2ms\": no square brackets around them, expected rising durations such as "
              "[0,1ms,10ms]");
    EXPECT_EQ(error("[1ms,5]"),
              "bad buckets \"[1ms,5]\": bad duration \"5\", expected rising durations such as [0,1ms,10ms]");
    EXPECT_EQ(
        error("[2ms,1ms]"),
        "bad buckets \"[2ms,1ms]\": 1ms is not above 2ms, expected rising durations such as [0,1ms,10ms]");
    EXPECT_EQ(error("[]"),
              "bad buckets \"[]\": bad duration \"\", expected rising durations such as [0,1ms,10ms]");
    EXPECT_EQ(error("[-1ms]"),
              "bad buckets \"[-1ms]\": found one below 0, expected rising durations such as [0,1ms,10ms]");
}

}  // namespace
}  // namespace loadgen::reports
