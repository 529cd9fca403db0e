#include "services/runtime/http_peers.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <future>

#include "common/text/json_reader.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/unit/services_runtime/ground.hpp"

namespace loadgen::services::runtime {
namespace {

/// A peer that answers with a status for each request and keeps what it was sent.
class HttpPeersTest : public ::testing::Test {
  protected:
    HttpPeersTest()
        : server_([this](const http::Request& request, int /*connection*/) { return answer(request); }) {
        folder_ = std::filesystem::path(::testing::TempDir()) / ("peers-" + std::to_string(::getpid()));
        auto claim = EndpointClaim::take(folder_.string(), "products", server_.url(""));
        EXPECT_TRUE(claim);
        endpoints_ = std::make_unique<Endpoints>(folder_.string(), system_clock());
    }
    ~HttpPeersTest() override { std::filesystem::remove_all(folder_); }

    test::ScriptedAnswer answer(const http::Request& request) {
        const std::lock_guard<std::mutex> lock(mutex_);
        requests_.push_back(request);
        return test::scripted(requests_.size() > statuses_.size() ? 200 : statuses_[requests_.size() - 1]);
    }
    int get(const telemetry::Tracer& tracer, const telemetry::SpanContext& parent) {
        HttpPeers peers(client_, *endpoints_, background_, tracer, sdk_->meter_for({.service_name = "asker"}),
                        system_clock());
        std::promise<int> status;
        peers.get("products", "/product/LATTE", parent, [&status](Result<http::Response> response) {
            status.set_value(response ? response->status : 0);
        });
        return status.get_future().get();
    }
    std::string sent(std::string_view field) const {
        const http::Header* header = http::find_header(requests_.back().headers, field);
        return header == nullptr ? std::string() : header->value;
    }

    std::filesystem::path folder_;
    std::mutex mutex_;
    std::vector<http::Request> requests_;
    std::vector<int> statuses_;
    test::ScriptedServer server_;
    std::unique_ptr<Endpoints> endpoints_;
    Background background_;
    std::unique_ptr<telemetry::Sdk> sdk_ = *telemetry::Sdk::start({});
    fetch::HttpClient client_;
    SpanCollector spans_;
};

TEST_F(HttpPeersTest, SendsTheContextOfItsSpanInEveryCaseOfTheSpecification) {
    const telemetry::Tracer recording(&spans_);
    const telemetry::Tracer passing(nullptr);
    std::ifstream file(LOADGEN_SOURCE_DIR "/tests/data/trace_context/cases.json");
    const std::string cases{std::istreambuf_iterator<char>(file), {}};
    text::JsonDocument document;
    const auto root = document.parse(cases);
    ASSERT_TRUE(root);
    std::size_t recorded = 0;
    root->find("tracestate")->for_each_element([&](text::JsonValue row) {
        for (const std::string flags : {"00", "01", "03"}) {
            const std::string own = "00-12345678901234567890123456789012-1234567890123456-" + flags;
            const auto parent = telemetry::extract(
                {{"traceparent", own}, {"tracestate", std::string(row.at(0)->as_string().value())}});
            const std::string state(row.at(1)->as_string().value_or(""));
            EXPECT_EQ(get(recording, *parent), 200);
            EXPECT_EQ(sent("tracestate"), state);
            const std::string traceparent = sent("traceparent");
            EXPECT_EQ(traceparent.substr(0, 36), own.substr(0, 36));
            EXPECT_EQ(traceparent.substr(52), "-" + flags);
            const auto got = spans_.named("GET");
            if (flags != "00") ++recorded;
            EXPECT_EQ(got.size(), recorded);
            if (flags != "00") {
                EXPECT_EQ(traceparent.substr(36, 16), got.back().context.span_id.text());
                EXPECT_EQ(got.back().parent.text(), "1234567890123456");
            }
            // A service that records nothing stands for its caller.
            EXPECT_EQ(get(passing, *parent), 200);
            EXPECT_EQ(sent("traceparent"), own);
            EXPECT_EQ(sent("tracestate"), state);
        }
        return true;
    });
}

TEST_F(HttpPeersTest, EachTryIsASpanThatSaysWhatCameOfIt) {
    statuses_ = {503, 404};
    EXPECT_EQ(get(telemetry::Tracer(&spans_), {}), 404);
    const auto tries = spans_.named("GET");
    ASSERT_EQ(tries.size(), 2U);
    const auto attribute = [](const telemetry::SpanData& span,
                              std::string_view key) -> telemetry::AttributeValue {
        for (const telemetry::Attribute& one : span.attributes) {
            if (one.key == key) return one.value;
        }
        return std::string("absent");
    };
    using Value = telemetry::AttributeValue;
    EXPECT_EQ(attribute(tries[0], "http.response.status_code"), Value(std::int64_t{503}));
    EXPECT_EQ(attribute(tries[0], "error.type"), Value(std::string("503")));
    EXPECT_EQ(attribute(tries[0], "http.request.resend_count"), Value(std::string("absent")));
    EXPECT_EQ(attribute(tries[1], "http.request.resend_count"), Value(std::int64_t{1}));
    EXPECT_EQ(attribute(tries[1], "server.address"), Value(std::string("127.0.0.1")));
    EXPECT_EQ(attribute(tries[1], "server.port"), Value(std::int64_t{server_.port()}));
    EXPECT_EQ(attribute(tries[1], "url.full"), Value(server_.url("/product/LATTE")));
    // The client's mistakes are errors of the client's span (HTTP spans, "Status").
    for (const telemetry::SpanData& span : tries) EXPECT_EQ(span.status, telemetry::SpanStatus::kError);
}

}  // namespace
}  // namespace loadgen::services::runtime
