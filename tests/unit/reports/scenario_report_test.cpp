#include <gtest/gtest.h>

#include "common/text/json_reader.hpp"
#include "reports/render/artillery_reports.hpp"

using namespace loadgen;
using namespace std::chrono_literals;
using Kind = stats::MetricBook::Kind;

namespace {

constexpr WallTime kStart{1'700'000'000'000'000'000};

reports::ScenarioReport sample() {
    stats::MetricBook book(10s);
    const auto codes = book.intern(Kind::kCounter, "http.codes.200");
    const auto rate = book.intern(Kind::kRate, "http.request_rate");
    const auto latency = book.intern(Kind::kHistogram, "http.response_time");
    for (const Nanos offset : {Nanos(1s), Nanos(2s), Nanos(25s)}) {
        book.count(codes, 1, offset);
        book.rate(rate, offset);
        book.record(latency, 10ms, offset);
    }
    book.count(book.intern(Kind::kCounter, "apdex.satisfied"), 3, 1s);
    book.count(book.intern(Kind::kCounter, "apdex.tolerated"), 2, 1s);
    return reports::make_scenario_report(book, kStart, 30s);
}

}  // namespace

TEST(ScenarioReport, PeriodsAreThoseInWhichSomethingHappened) {
    const auto report = sample();
    ASSERT_EQ(report.intermediate.size(), 2U);
    EXPECT_EQ(report.intermediate[0].counters.at("http.codes.200"), 2U);
    EXPECT_DOUBLE_EQ(report.intermediate[0].rates.at("http.request_rate"), 0.2);
    EXPECT_EQ(report.intermediate[1].begin.unix_ns, kStart.unix_ns + Nanos(20s).count());
    EXPECT_EQ(report.aggregate.counters.at("http.codes.200"), 3U);
    EXPECT_DOUBLE_EQ(report.aggregate.rates.at("http.request_rate"), 0.1);
    EXPECT_DOUBLE_EQ(report.aggregate.rates.at("apdex.score"), 0.8);
}

TEST(ScenarioReport, EveryFigureHasAName) {
    const auto flat = reports::flat_metrics(sample().aggregate);
    EXPECT_EQ(flat.at("http.codes.200"), 3);
    EXPECT_EQ(flat.at("http.response_time.count"), 3);
    EXPECT_NEAR(flat.at("http.response_time.p99"), 10, 0.01);
    EXPECT_EQ(flat.at("http.response_time.median"), flat.at("http.response_time.p50"));
}

TEST(ScenarioReport, TextIsDottedToSeventyNineColumns) {
    const std::string text = reports::artillery_text(sample().aggregate);
    EXPECT_NE(text.find("http.codes.200: ............................................................. 3\n"),
              std::string::npos);
    EXPECT_NE(
        text.find("http.request_rate: ........................................................ 0.1/sec\n"),
        std::string::npos);
    EXPECT_NE(text.find("http.response_time:\n  min: "
                        "..................................................................... 10\n"),
              std::string::npos);
    EXPECT_LT(text.find("apdex.satisfied"), text.find("http.codes.200"));
}

TEST(ScenarioReport, JsonHasArtillerysShape) {
    text::JsonDocument document;
    const std::string json = reports::artillery_json(sample());
    const auto root = document.parse(json);
    ASSERT_TRUE(root) << root.error().message;
    const auto aggregate = root->find("aggregate");
    ASSERT_TRUE(aggregate);
    EXPECT_EQ(aggregate->find("counters")->find("http.codes.200")->as_int(), 3);
    for (const char* key :
         {"min", "max", "count", "mean", "p50", "median", "p75", "p90", "p95", "p99", "p999"}) {
        EXPECT_TRUE(aggregate->find("summaries")->find("http.response_time")->find(key)) << key;
        EXPECT_TRUE(aggregate->find("histograms")->find("http.response_time")->find(key)) << key;
    }
    for (const char* key : {"firstCounterAt", "firstHistogramAt", "lastCounterAt", "lastHistogramAt",
                            "firstMetricAt", "lastMetricAt"}) {
        EXPECT_TRUE(aggregate->find(key)->as_int()) << key;
    }
    EXPECT_EQ(root->find("intermediate")->size(), 2U);
    EXPECT_EQ(root->find("intermediate")->at(0)->find("period")->as_string(), "1700000000000");
}
