#include "reports/model/metrics.hpp"

#include <gtest/gtest.h>

#include "reports/render/vegeta_reports.hpp"
#include "tests/unit/reports/samples.hpp"

namespace loadgen::reports {
namespace {

using std::chrono::milliseconds;

runlog::Record record_at(std::int64_t ms, std::int64_t latency_ms, std::uint16_t code = 200) {
    runlog::Record record;
    record.timestamp = {ms * 1'000'000};
    record.latency = milliseconds(latency_ms);
    record.code = code;
    return record;
}

runlog::Record with_detail(runlog::Record record, std::string endpoint, std::uint32_t ordinal = 1) {
    record.detail.emplace();
    record.detail->endpoint = std::move(endpoint);
    record.detail->connection = 1;
    record.detail->ordinal = ordinal;
    record.detail->send_delay = milliseconds(1);
    return record;
}

// vegeta's formulas, by hand: N over the spread of the starts; successes over that plus the wait.
TEST(Metrics, UseVegetasFormulas) {
    Metrics metrics;
    metrics.add(record_at(1000, 500));
    metrics.add(record_at(3000, 100, 404));
    metrics.add(record_at(2000, 2000, 302));
    metrics.add(record_at(2000, 10, 0));
    EXPECT_EQ(metrics.requests(), 4U);
    EXPECT_EQ(metrics.duration(), milliseconds(2000));
    EXPECT_EQ(metrics.wait(), milliseconds(1000));
    EXPECT_DOUBLE_EQ(metrics.rate(), 2.0);
    EXPECT_DOUBLE_EQ(metrics.throughput(), 2.0 / 3.0);
    EXPECT_DOUBLE_EQ(metrics.success_ratio(), 0.5);
    EXPECT_EQ(metrics.latency_total(), milliseconds(2610));
    EXPECT_EQ(metrics.latency_mean(), Nanos(652'500'000));
    EXPECT_EQ(metrics.latencies().min(), milliseconds(10));
    EXPECT_EQ(metrics.latencies().max(), milliseconds(2000));
}

TEST(Metrics, WithoutASpreadRatesAreCounts) {
    Metrics metrics;
    metrics.add(record_at(1000, 500));
    metrics.add(record_at(1000, 500, 500));
    EXPECT_EQ(metrics.rate(), 2.0);
    EXPECT_EQ(metrics.throughput(), 1.0);
}

TEST(Metrics, ListErrorsOnceInOrderAndWithinBounds) {
    Metrics metrics;
    for (std::size_t i = 0; i < Metrics::kMaxErrors + 5; ++i) {
        runlog::Record record = record_at(1, 1, 500);
        record.error = "error " + std::to_string(i % (Metrics::kMaxErrors + 2));
        metrics.add(record);
    }
    EXPECT_EQ(metrics.errors().size(), Metrics::kMaxErrors);
    EXPECT_EQ(metrics.errors()[0], "error 0");
    EXPECT_EQ(metrics.errors()[999], "error 999");
    EXPECT_EQ(metrics.errors_not_listed(), 2U);
}

TEST(Metrics, LeaveWarmUpOut) {
    Metrics metrics;
    runlog::Record warm = with_detail(record_at(0, 9000, 500), "a");
    warm.detail->warm_up = true;
    warm.error = "cold";
    metrics.add(warm);
    metrics.add(with_detail(record_at(1000, 5), "a", 2));
    EXPECT_EQ(metrics.requests(), 1U);
    EXPECT_EQ(metrics.detail()->warm_up, 1U);
    EXPECT_TRUE(metrics.errors().empty());
    EXPECT_EQ(metrics.latencies().max(), milliseconds(5));
    EXPECT_EQ(metrics.detail()->connections.opened, 0U);
}

TEST(Metrics, TellServiceTimeFromResponseTime) {
    Metrics metrics;
    metrics.add(with_detail(record_at(0, 5), "a"));
    EXPECT_EQ(metrics.detail()->service_time.max(), milliseconds(4));
    EXPECT_EQ(metrics.detail()->send_delay.max(), milliseconds(1));
    EXPECT_EQ(metrics.latencies().max(), milliseconds(5));
}

TEST(Metrics, BoundTheEndpoints) {
    Metrics metrics;
    for (std::size_t i = 0; i < Metrics::kMaxEndpoints + 3; ++i) {
        metrics.add(with_detail(record_at(0, 1), "endpoint " + std::to_string(i)));
    }
    const auto& endpoints = metrics.detail()->endpoints;
    EXPECT_EQ(endpoints.size(), Metrics::kMaxEndpoints + 1);
    EXPECT_EQ(endpoints.at(Metrics::kOtherEndpoints).requests, 3U);
}

// Split anywhere and merged, the figures are those of the whole.
TEST(Metrics, MergeExactly) {
    for (const std::string name : {"mixed.gob", "ours.gob"}) {
        const auto records = golden_records(name);
        Metrics whole;
        for (const auto& record : records) whole.add(record);
        for (const std::size_t split : {std::size_t{0}, std::size_t{1}, records.size() / 2, records.size()}) {
            Metrics first;
            Metrics second;
            for (std::size_t i = 0; i < records.size(); ++i) (i < split ? first : second).add(records[i]);
            first.merge(second);
            EXPECT_EQ(text_report(first), text_report(whole));
            EXPECT_EQ(json_report(first, nullptr), json_report(whole, nullptr));
        }
    }
}

}  // namespace
}  // namespace loadgen::reports
