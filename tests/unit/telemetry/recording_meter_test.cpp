#include "common/telemetry/recording_meter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "common/telemetry/metric_reader.hpp"

namespace loadgen::telemetry {
namespace {

using ::testing::SizeIs;

TEST(RecordingMeter, GivesTheSameInstrumentForTheSameSetOfAttributes) {
    RecordingMeter meter;
    Counter& counter = meter.counter("c", "{x}", {{"a", "1"}, {"b", std::int64_t{2}}});
    EXPECT_EQ(&counter, &meter.counter("c", "{x}", {{"b", std::int64_t{2}}, {"a", "1"}}));
    EXPECT_NE(&counter, &meter.counter("c", "{x}", {{"a", "1"}, {"b", "2"}}));  // a text is no number
    EXPECT_NE(&counter, &meter.counter("c", "{x}", {{"a", "1"}}));
    EXPECT_NE(&counter, &meter.counter("d", "{x}", {{"a", "1"}, {"b", std::int64_t{2}}}));
    EXPECT_NE(&meter.counter("c", "", {{"a", "1b"}}), &meter.counter("c", "", {{"a1", "b"}}));
    EXPECT_EQ(&meter.durations("h"), &meter.durations("h"));
}

TEST(RecordingMeter, CollectsWhatEverythingStandsAt) {
    RecordingMeter meter(3);
    meter.counter("c", "{x}").add(5);
    meter.durations("h", {{"k", "v"}}).record(std::chrono::milliseconds(7));
    meter.gauge("g", "1", [] { return 0.5; });
    meter.gauge("g", "1", [] { return 0.75; });
    meter.up_down_counter("u", "{x}", [] { return -2.0; });
    meter.observed_counter("o", "{x}", [] { return std::uint64_t{9}; });
    const MeterSnapshot snapshot = meter.collect();
    EXPECT_EQ(snapshot.scope, 3u);
    EXPECT_LE(snapshot.start, snapshot.time);
    ASSERT_THAT(snapshot.metrics, SizeIs(5));
    const auto point = [&](std::size_t index) { return snapshot.metrics[index].points.at(0); };
    EXPECT_EQ(snapshot.metrics[0].name, "c");
    EXPECT_EQ(point(0).count, 5u);
    EXPECT_EQ(snapshot.metrics[1].name, "g");
    EXPECT_EQ(point(1).value, 0.75);
    EXPECT_EQ(snapshot.metrics[2].unit, "s");
    EXPECT_EQ(point(2).buckets[1], 1u);
    EXPECT_DOUBLE_EQ(point(2).value, 0.007);
    EXPECT_EQ(point(2).attributes, (Attributes{{"k", "v"}}));
    EXPECT_EQ(point(3).count, 9u);
    EXPECT_EQ(point(4).value, -2.0);
    meter.counter("c", "{x}").add(1);
    EXPECT_EQ(meter.collect().metrics[0].points[0].count, 6u);  // cumulative
}

// Metrics SDK, "Cardinality limits": the overflow attribute set.
TEST(RecordingMeter, SharesOneInstrumentBeyondTheLimit) {
    RecordingMeter meter(0, system_clock(), 3);
    for (int i = 0; i < 10; ++i) meter.counter("c", "", {{"i", std::int64_t{i}}}).add();
    meter.counter("c", "", {{"i", std::int64_t{0}}}).add();
    meter.counter("other", "").add();
    for (int i = 0; i < 10; ++i) meter.gauge("g", "", [] { return 1.0; }, {{"i", std::int64_t{i}}});
    const MeterSnapshot snapshot = meter.collect();
    ASSERT_THAT(snapshot.metrics, SizeIs(3));
    ASSERT_THAT(snapshot.metrics[0].points, SizeIs(4));
    std::uint64_t total = 0;
    for (const MetricPoint& point : snapshot.metrics[0].points) {
        total += point.count;
        const bool overflow = point.attributes == Attributes{{"otel.metric.overflow", true}};
        EXPECT_EQ(point.count, overflow                                                       ? 7u
                               : point.attributes[0].value == AttributeValue(std::int64_t{0}) ? 2u
                                                                                              : 1u);
    }
    EXPECT_EQ(total, 11u);
    EXPECT_THAT(snapshot.metrics[1].points, SizeIs(3));
}

TEST(RecordingMeter, ManyThreadsMayCountWhileItIsRead) {
    RecordingMeter meter;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&meter, i] {
            for (int j = 0; j < 1000; ++j) {
                meter.counter("c", "", {{"thread", std::int64_t{i}}}).add();
                meter.durations("h").record(Nanos(j));
            }
        });
    }
    for (int i = 0; i < 20; ++i) meter.collect();
    for (std::thread& thread : threads) thread.join();
    const MeterSnapshot snapshot = meter.collect();
    for (const MetricPoint& point : snapshot.metrics[0].points) EXPECT_EQ(point.count, 1000u);
    EXPECT_EQ(snapshot.metrics[1].points[0].buckets[0], 4000u);
}

TEST(MetricReader, ReadsWhenAskedAtTheEndAndTellsFailures) {
    int reads = 0;
    bool good = true;
    MetricReader reader(std::chrono::hours(1), [&] {
        ++reads;
        return good;
    });
    EXPECT_TRUE(reader.read_now(std::chrono::seconds(30)));
    EXPECT_EQ(reads, 1);
    good = false;
    EXPECT_FALSE(reader.read_now(std::chrono::seconds(30)));
    good = true;
    EXPECT_TRUE(reader.read_now(std::chrono::seconds(30)));
    reader.shutdown();
    reader.shutdown();
    EXPECT_EQ(reads, 4);
}

}  // namespace
}  // namespace loadgen::telemetry
