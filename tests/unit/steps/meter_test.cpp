#include "loadgen/steps/meter.hpp"

#include <gtest/gtest.h>

using namespace loadgen;
using steps::endpoint_metric_name;

namespace {

plan::RequestStep step(std::string url, std::string name = "") {
    plan::RequestStep made;
    made.method = "GET";
    made.url_text = std::move(url);
    made.named = !name.empty();
    made.name_text = name;
    made.name = text::Template::literal(name.empty() ? "GET " + made.url_text : name);
    return made;
}

}  // namespace

// As artillery-plugin-metrics-by-endpoint names them.
TEST(Meter, NamesEndpointsByUrlAndName) {
    const plan::EndpointMetrics plain;
    EXPECT_EQ(endpoint_metric_name(plain, step("/a/{{ id }}?q=1"), "http://host"), "/a/{{ id }}?q=1");
    EXPECT_EQ(endpoint_metric_name(plain, step("/a", "first"), "http://host"), "/a (first)");
    EXPECT_EQ(endpoint_metric_name(plain, step("http://host/a"), "http://host"), "/a");
    EXPECT_EQ(endpoint_metric_name(plain, step("http://other:81/a"), "http://host"), "other:81/a");
    EXPECT_EQ(endpoint_metric_name(plain, step("http://other"), "http://host"), "other/");
}

TEST(Meter, ObeysTheSettingsOfThePlugin) {
    plan::EndpointMetrics settings;
    settings.strip_query = true;
    EXPECT_EQ(endpoint_metric_name(settings, step("/a?q=1"), ""), "/a");
    settings.only_names = true;
    EXPECT_EQ(endpoint_metric_name(settings, step("/a", "first"), ""), "first");
    settings.ignore_unnamed = true;
    EXPECT_EQ(endpoint_metric_name(settings, step("/a"), ""), "");
    settings.enabled = false;
    EXPECT_EQ(endpoint_metric_name(settings, step("/a", "first"), ""), "");
}

TEST(Meter, ErrorsCarryTheCodesOfNode) {
    EXPECT_EQ(steps::node_error_code(Cause::kRefused), "ECONNREFUSED");
    EXPECT_EQ(steps::node_error_code(Cause::kTimeout), "ETIMEDOUT");
    EXPECT_EQ(steps::node_error_code(Cause::kResetInflight), "ECONNRESET");
    EXPECT_EQ(steps::node_error_code(Cause::kDns), "ENOTFOUND");
    EXPECT_EQ(steps::node_error_code(Cause::kUnsent), "unsent");
}

TEST(Meter, AnswersAreCountedByCodeClassAndEndpoint) {
    plan::ScenarioPlan plan;
    plan.journeys.resize(1);
    plan.journeys[0].name = "one";
    plan.program.requests.push_back(step("/a"));
    plan.apdex_threshold = Nanos(10'000'000);
    steps::Meter meter(plan);
    const Instant start{Nanos(1'000)};
    meter.start(start);
    steps::Answer answer;
    answer.status = 404;
    answer.bytes_in = 12;
    answer.due = answer.sent = start;
    answer.first_byte = start + Nanos(4'000'000);
    answer.done = start + Nanos(30'000'000);
    meter.request_sent(start);
    meter.answered(0, answer);
    meter.user_created(plan.journeys[0], start);
    meter.user_completed(Nanos(1), false, start);
    const auto total = meter.book().total();
    EXPECT_EQ(total.counters.at("http.codes.404"), 1U);
    EXPECT_EQ(total.counters.at("http.requests"), 1U);
    EXPECT_EQ(total.counters.at("http.downloaded_bytes"), 12U);
    EXPECT_EQ(total.counters.at("plugins.metrics-by-endpoint./a.codes.404"), 1U);
    EXPECT_EQ(total.counters.at("apdex.tolerated"), 1U);
    EXPECT_EQ(total.counters.at("vusers.created_by_name.one"), 1U);
    EXPECT_EQ(total.counters.at("vusers.failed"), 0U);
    EXPECT_EQ(total.histograms.at("http.response_time.4xx").count(), 1U);
    EXPECT_EQ(total.histograms.count("http.response_time.2xx"), 0U);
    EXPECT_EQ(total.histograms.at("plugins.metrics-by-endpoint.response_time./a").unpack().max(),
              Nanos(30'000'000));
    EXPECT_EQ(total.rates.at("http.request_rate"), 1U);
}
