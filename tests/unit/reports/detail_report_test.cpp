#include "reports/render/detail_report.hpp"

#include <gtest/gtest.h>

#include "common/text/json_reader.hpp"
#include "reports/render/vegeta_reports.hpp"
#include "tests/unit/reports/samples.hpp"

namespace loadgen::reports {
namespace {

Metrics ours() {
    Metrics metrics;
    for (const auto& record : golden_records("ours.gob")) metrics.add(record);
    return metrics;
}

// ours.source.json: five requests that count, response times 4..12 ms, send delays 2..6 us, one warm-up.
TEST(DetailText, FollowsVegetasLinesAfterAnEmptyOne) {
    const std::string text = text_report(ours());
    EXPECT_NE(
        text.find("Error Set:\n404 Not Found\nread: connection reset by peer\n503 Service Unavailable\n\n"
                  "Time                 Mean     50       90        95        99        99.9      99.99   "
                  "  max\n"),
        std::string::npos)
        << text;
    EXPECT_NE(text.find("\nResponse (from due)  8ms      8.004ms  12ms "), std::string::npos) << text;
    EXPECT_NE(text.find("\nService (from send)  7.996ms "), std::string::npos) << text;
    EXPECT_NE(text.find("\nSend delay           4\u00b5s "), std::string::npos) << text;
    EXPECT_NE(text.find("\nCauses  ok:2  http-4xx:1  http-5xx:1  reset-inflight:1\n"), std::string::npos)
        << text;
    EXPECT_NE(text.find("\nGET /b                    3         33.33%   "), std::string::npos) << text;
    EXPECT_NE(text.find("\nConnections  [opened, exchanges each: mean, max]  1, 5.00, 4\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("\nWarm-up  1 requests left out\n"), std::string::npos) << text;
}

// Both times count from the first record, which was warm-up.
TEST(DetailText, TheSlowestStandInOrderWithTheirTraces) {
    EXPECT_EQ(slowest_text(ours()),
              "Slowest requests\n"
              "  Response  Service   Delay  Due after  Status          Endpoint  Scenario  Trace\n"
              "  12ms      11.994ms  6\u00b5s    5s         503             GET /b    buy       "
              "4bf92f3577b34da6a3ce929d0e0e4736\n"
              "  10ms      9.995ms   5\u00b5s    4s         200             GET /a    -         "
              "0af7651916cd43dd8448eb211c80319c\n"
              "  8ms       7.996ms   4\u00b5s    3s         reset-inflight  GET /b    -         -\n"
              "  6ms       5.997ms   3\u00b5s    2s         404             GET /a    -         -\n"
              "  4ms       3.998ms   2\u00b5s    1s         200             GET /b    -         -\n");
}

TEST(DetailText, IsAbsentWithoutDetail) {
    Metrics metrics;
    for (const auto& record : golden_records("single.gob")) metrics.add(record);
    EXPECT_EQ(detail_text(metrics), "");
    EXPECT_EQ(json_report(metrics, nullptr).find("loadgen"), std::string::npos);
}

TEST(DetailJson, IsTheLastMember) {
    const std::string json = json_report(ours(), nullptr);
    text::JsonDocument document;
    const auto root = document.parse(json);
    ASSERT_TRUE(root) << root.error().message;
    std::string last;
    root->for_each_member([&](std::string_view name, text::JsonValue) {
        last = name;
        return true;
    });
    EXPECT_EQ(last, "loadgen");
    const auto detail = *root->find("loadgen");
    EXPECT_EQ(detail.find("response_time")->find("max")->as_int(), 12'000'000);
    EXPECT_EQ(detail.find("service_time")->find("max")->as_int(), 11'994'000);
    EXPECT_EQ(detail.find("send_delay")->find("count")->as_int(), 5);
    EXPECT_EQ(detail.find("causes")->find("reset-inflight")->as_int(), 1);
    EXPECT_EQ(detail.find("endpoints")->find("GET /a")->find("successes")->as_int(), 1);
    EXPECT_EQ(detail.find("connections")->find("opened")->as_int(), 1);
    EXPECT_EQ(detail.find("warm_up")->as_int(), 1);
    const std::string slowest =
        R"("slowest":[{"offset":5000000000,"response_time":12000000,"service_time":11994000,"send_delay":6000,)"
        R"("seq":5,"code":503,"cause":"http-5xx","endpoint":"GET /b","scenario":"buy",)"
        R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7"},)"
        R"({"offset":4000000000,"response_time":10000000,"service_time":9995000,"send_delay":5000,"seq":4,)"
        R"("code":200,"cause":"ok","endpoint":"GET /a","trace_id":"0af7651916cd43dd8448eb211c80319c",)"
        R"("span_id":"b7ad6b7169203331"},)";
    EXPECT_NE(json.find(slowest), std::string::npos) << json;
}

}  // namespace
}  // namespace loadgen::reports
