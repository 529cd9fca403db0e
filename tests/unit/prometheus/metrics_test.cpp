// The text, as the two specifications write it: prometheus.io "Exposition formats" (0.0.4) and
// OpenMetrics 1.0.
#include "loadgen/cli/metrics/prometheus_metrics.hpp"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

namespace loadgen::cli {
namespace {

runlog::Record record(std::string url, std::uint16_t code, Nanos latency, std::string error = {}) {
    runlog::Record made;
    made.method = "GET";
    made.url = std::move(url);
    made.code = code;
    made.latency = latency;
    made.bytes_in = 10;
    made.bytes_out = 3;
    made.error = std::move(error);
    made.detail.emplace();
    return made;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

/// The value of the sample that starts with `name`; fails when it is not there exactly once.
std::string value_of(const std::string& text, const std::string& name) {
    std::string value = "absent";
    for (const std::string& line : lines_of(text)) {
        if (!line.starts_with(name + ' ')) continue;
        EXPECT_EQ(value, "absent") << name << " is there twice";
        value = line.substr(name.size() + 1);
    }
    return value;
}

constexpr auto kPlain = ExpositionFormat::kPrometheus;
constexpr auto kOpen = ExpositionFormat::kOpenMetrics;

TEST(PrometheusMetrics, NothingMeasuredIsFourFamiliesWithoutSamples) {
    const PrometheusMetrics metrics;
    for (const std::string& line : lines_of(metrics.render(kPlain)))
        EXPECT_TRUE(line.starts_with("# ")) << line;
    EXPECT_EQ(lines_of(metrics.render(kPlain)).size(), 8U);
    EXPECT_EQ(lines_of(metrics.render(kOpen)).back(), "# EOF");
    EXPECT_EQ(lines_of(metrics.render(kOpen)).size(), 9U);
}

TEST(PrometheusMetrics, BucketsAreCumulativeAndTheirBoundsInclusive) {
    PrometheusMetrics metrics;
    metrics.add(record("http://a/", 200, Nanos(100'000)));          // exactly the first bound
    metrics.add(record("http://a/", 200, Nanos(100'001)));          // one nanosecond above it
    metrics.add(record("http://a/", 200, Nanos(250'000'000)));      // exactly 0.25 s
    metrics.add(record("http://a/", 200, Nanos(100'000'000'001)));  // above the last bound
    const std::string text = metrics.render(kPlain);
    const std::string labels = R"(method="GET",url="http://a/",status="200")";
    const auto bucket = [&](const std::string& le) {
        return value_of(text, "request_seconds_bucket{" + labels + ",le=\"" + le + "\"}");
    };
    EXPECT_EQ(bucket("0.0001"), "1");
    EXPECT_EQ(bucket("0.00015"), "2");
    EXPECT_EQ(bucket("0.2"), "2");
    EXPECT_EQ(bucket("0.25"), "3");
    EXPECT_EQ(bucket("1"), "3");
    EXPECT_EQ(bucket("100"), "3");
    EXPECT_EQ(bucket("+Inf"), "4");
    EXPECT_EQ(value_of(text, "request_seconds_count{" + labels + "}"), "4");
    EXPECT_EQ(value_of(text, "request_seconds_sum{" + labels + "}"), "100.250200002");
    EXPECT_EQ(value_of(text, "request_bytes_in{" + labels + "}"), "40");
    EXPECT_EQ(value_of(text, "request_bytes_out{" + labels + "}"), "12");
}

TEST(PrometheusMetrics, HasEveryDefaultBoundOfTheClients) {
    std::set<std::uint64_t> bounds;
    for (std::size_t i = 0; i < PrometheusMetrics::kBuckets; ++i)
        bounds.insert(PrometheusMetrics::bound_ns(i));
    EXPECT_EQ(bounds.size(), PrometheusMetrics::kBuckets);
    // client_golang's DefBuckets, which vegeta uses, in milliseconds.
    for (const std::uint64_t ms : {5U, 10U, 25U, 50U, 100U, 250U, 500U, 1000U, 2500U, 5000U, 10'000U}) {
        EXPECT_TRUE(bounds.contains(ms * 1'000'000)) << ms;
    }
    EXPECT_EQ(*bounds.begin(), 100'000U);
    EXPECT_EQ(*bounds.rbegin(), 100'000'000'000U);
    for (std::size_t i = 1; i < PrometheusMetrics::kBuckets; ++i) {
        EXPECT_LE(PrometheusMetrics::bound_ns(i) * 2, PrometheusMetrics::bound_ns(i - 1) * 3) << i;
    }
}

TEST(PrometheusMetrics, OpenMetricsNamesCountersTotalAndWritesBoundsAsFloats) {
    PrometheusMetrics metrics;
    metrics.add(record("http://a/", 500, Nanos(2'000'000'000), "500 Internal Server Error"));
    const std::string text = metrics.render(kOpen);
    const std::string labels = R"(method="GET",url="http://a/",status="500")";
    EXPECT_EQ(value_of(text, "request_bytes_in_total{" + labels + "}"), "10");
    EXPECT_EQ(value_of(text, "request_bytes_out_total{" + labels + "}"), "3");
    EXPECT_EQ(
        value_of(text, "request_fail_count_total{" + labels + ",message=\"500 Internal Server Error\"}"),
        "1");
    EXPECT_EQ(value_of(text, "request_seconds_bucket{" + labels + ",le=\"1.0\"}"), "0");
    EXPECT_EQ(value_of(text, "request_seconds_bucket{" + labels + ",le=\"2.0\"}"), "1");
    EXPECT_EQ(value_of(text, "request_seconds_sum{" + labels + "}"), "2.0");
    EXPECT_NE(text.find("# TYPE request_bytes_in counter\n"), std::string::npos);
    EXPECT_EQ(lines_of(text).back(), "# EOF");
    EXPECT_TRUE(text.ends_with("# EOF\n"));
    EXPECT_EQ(metrics.render(kPlain).find("_total"), std::string::npos);
    EXPECT_EQ(metrics.render(kPlain).find("# EOF"), std::string::npos);
}

TEST(PrometheusMetrics, EscapesLabelsAndKeepsThemUtf8) {
    PrometheusMetrics metrics;
    metrics.add(record("http://a/?q=\"x\\y\"\n\xC3\xA9\xFF", 0, Nanos(1), "say \"no\""));
    const std::string text = metrics.render(kPlain);
    const std::string labels =
        "method=\"GET\",url=\"http://a/?q=\\\"x\\\\y\\\"\\n\xC3\xA9\xEF\xBF\xBD\",status=\"0\"";
    EXPECT_EQ(value_of(text, "request_seconds_count{" + labels + "}"), "1");
    EXPECT_EQ(value_of(text, "request_fail_count{" + labels + ",message=\"say \\\"no\\\"\"}"), "1");
}

TEST(PrometheusMetrics, LongLabelsAreCut) {
    PrometheusMetrics metrics;
    metrics.add(record(std::string(100'000, 'u'), 200, Nanos(1)));
    EXPECT_LT(lines_of(metrics.render(kPlain))[2].size(), PrometheusMetrics::kMaxLabelBytes + 200);
}

TEST(PrometheusMetrics, WarmUpIsLeftOutAsInReports) {
    PrometheusMetrics metrics;
    runlog::Record warm = record("http://a/", 200, Nanos(1));
    warm.detail->warm_up = true;
    metrics.add(warm);
    EXPECT_EQ(metrics.render(kPlain), PrometheusMetrics().render(kPlain));
}

TEST(PrometheusMetrics, LabelSetsBeyondTheCapShareOneSeriesAStatus) {
    PrometheusMetrics metrics;
    const std::size_t urls = PrometheusMetrics::kMaxSeries + 500;
    for (std::size_t i = 0; i < urls; ++i)
        metrics.add(record("http://a/" + std::to_string(i), 200, Nanos(1)));
    metrics.add(record("http://b/", 404, Nanos(1), "404 Not Found"));
    metrics.add(record("http://a/0", 200, Nanos(1)));  // known before the cap
    const std::string text = metrics.render(kPlain);
    EXPECT_EQ(value_of(text, R"x(request_seconds_count{method="(other)",url="(other)",status="200"})x"),
              "500");
    EXPECT_EQ(value_of(text, R"x(request_seconds_count{method="(other)",url="(other)",status="404"})x"), "1");
    EXPECT_EQ(value_of(text, R"(request_seconds_count{method="GET",url="http://a/0",status="200"})"), "2");
    std::uint64_t total = 0;
    for (const std::string& line : lines_of(text)) {
        if (line.starts_with("request_seconds_count{")) total += std::stoull(line.substr(line.rfind(' ')));
    }
    EXPECT_EQ(total, urls + 2);
}

TEST(PrometheusMetrics, MessagesBeyondTheCapShareOneSeriesAStatus) {
    PrometheusMetrics metrics;
    for (std::size_t i = 0; i < PrometheusMetrics::kMaxFailures + 7; ++i) {
        metrics.add(record("http://a/", 0, Nanos(1), "error " + std::to_string(i)));
    }
    EXPECT_EQ(
        value_of(metrics.render(kPlain),
                 R"x(request_fail_count{method="(other)",url="(other)",status="0",message="(other)"})x"),
        "7");
}

TEST(PrometheusMetrics, EveryDistinctSampleIsThereOnce) {
    PrometheusMetrics metrics;
    metrics.add(record("http://a/", 200, Nanos(1)));
    metrics.add(record("http://a/", 404, Nanos(1), "404 Not Found"));
    std::set<std::string> seen;
    for (const std::string& line : lines_of(metrics.render(kOpen))) {
        EXPECT_TRUE(seen.insert(line.substr(0, line.rfind(' '))).second || line.starts_with('#')) << line;
    }
}

TEST(ChooseFormat, FollowsTheAcceptHeader) {
    EXPECT_EQ(choose_format(""), kPlain);
    EXPECT_EQ(choose_format("*/*"), kPlain);
    EXPECT_EQ(choose_format("text/plain"), kPlain);
    EXPECT_EQ(choose_format("application/openmetrics-text"), kOpen);
    EXPECT_EQ(choose_format("application/openmetrics-text; version=1.0.0; charset=utf-8"), kOpen);
    EXPECT_EQ(choose_format("application/openmetrics-text;version=0.0.1"), kPlain);
    EXPECT_EQ(choose_format("application/openmetrics-text;q=0"), kPlain);
    EXPECT_EQ(choose_format("application/openmetrics-text;q=0.3,text/plain;q=0.5"), kPlain);
    EXPECT_EQ(choose_format("application/openmetrics-text;q=nonsense"), kPlain);
    EXPECT_EQ(choose_format(",;=,;q=,"), kPlain);
    // What Prometheus 2.x and 3.x send.
    EXPECT_EQ(
        choose_format("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
                      "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"),
        kOpen);
    EXPECT_EQ(choose_format("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
                            "text/plain;version=0.0.4;q=0.3,*/*;q=0.1"),
              kOpen);
}

TEST(ContentType, NamesFormatAndVersion) {
    EXPECT_EQ(content_type(kPlain), "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_EQ(content_type(kOpen), "application/openmetrics-text; version=1.0.0; charset=utf-8");
}

}  // namespace
}  // namespace loadgen::cli
