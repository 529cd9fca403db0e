#include "services/platform/middlewares/tracing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "services/platform/answers.hpp"
#include "services/platform/middlewares/request_log.hpp"
#include "tests/unit/services_platform/fake_call.hpp"

namespace loadgen::services::platform {
namespace {

using telemetry::AttributeValue;
using test::AnswerKeeper;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

class Kept final : public telemetry::SpanProcessor {
  public:
    void on_end(std::unique_ptr<telemetry::SpanData> span) override { spans.push_back(std::move(span)); }
    std::vector<std::unique_ptr<telemetry::SpanData>> spans;
};

/// Names its histograms like a query would.
class KeptMeter final : public telemetry::Meter {
  public:
    telemetry::Counter& counter(std::string_view, std::string_view, telemetry::Attributes) override {
        return counter_;
    }
    telemetry::DurationHistogram& durations(std::string_view name,
                                            telemetry::Attributes attributes) override {
        std::string text(name);
        for (const telemetry::Attribute& attribute : attributes) {
            text += ' ' + attribute.key + '=';
            if (const auto* word = std::get_if<std::string>(&attribute.value)) text += *word;
            if (const auto* number = std::get_if<std::int64_t>(&attribute.value))
                text += std::to_string(*number);
        }
        ++made;
        return histograms[text];
    }
    void gauge(std::string_view, std::string_view, std::function<double()>, telemetry::Attributes) override {}

    std::map<std::string, telemetry::DurationHistogram> histograms;
    int made = 0;

  private:
    telemetry::Counter counter_;
};

class LineSink final : public telemetry::LogSink {
  public:
    void write_line(std::string_view line) override { text += line; }
    std::string text;
};

struct TracingTest : ::testing::Test {
    Kept processor;
    telemetry::Tracer tracer{&processor};
    KeptMeter meter;
    LineSink sink;
    telemetry::Logger logger{sink, telemetry::LogLevel::kInfo};
    Dispatcher dispatcher{routes(), chain(), error_shapes::message};
    AnswerKeeper keeper{&dispatcher};

    static Router routes() {
        Router router;
        router.add("GET", "/orders/{orderId}", [](const CallPtr& call) {
            call->span.set("order.id", call->parameter("orderId"));
            call->answer({call->parameter("orderId") == "bad" ? 503 : 200, {}, "ok"});
        });
        router.add("GET", "/health/live", [](const CallPtr& call) { call->answer({200, {}, "ok"}); });
        return router;
    }
    Middlewares chain() {
        Middlewares made;
        made.push_back(std::make_unique<Tracing>(tracer, meter, system_clock()));
        made.push_back(std::make_unique<RequestLog>(logger, system_clock()));
        return made;
    }
    void ask(std::string method, std::string target, http::Headers headers = {}) {
        dispatcher.dispatch(keeper.call(std::move(method), std::move(target), std::move(headers)));
    }
    std::string attributes(std::size_t index) {
        std::string text;
        for (const telemetry::Attribute& attribute : processor.spans.at(index)->attributes) {
            text += attribute.key + '=';
            if (const auto* word = std::get_if<std::string>(&attribute.value)) text += *word;
            if (const auto* number = std::get_if<std::int64_t>(&attribute.value))
                text += std::to_string(*number);
            text += '\n';
        }
        return text;
    }
};

// Names and attributes as the semantic conventions 1.44 have them for HTTP servers.
TEST_F(TracingTest, ASpanDescribesItsRequest) {
    ask("GET", "/orders/o-1?x=y", {{"traceparent", kParent}, {"User-Agent", "curl/8"}});
    ASSERT_EQ(processor.spans.size(), 1U);
    const telemetry::SpanData& span = *processor.spans[0];
    EXPECT_EQ(span.name, "GET /orders/{orderId}");
    EXPECT_EQ(span.kind, telemetry::SpanKind::kServer);
    EXPECT_EQ(span.context.trace_id.text(), "0af7651916cd43dd8448eb211c80319c");
    EXPECT_EQ(span.parent.text(), "b7ad6b7169203331");
    EXPECT_TRUE(span.parent_remote);
    EXPECT_EQ(span.status, telemetry::SpanStatus::kUnset);
    EXPECT_EQ(
        attributes(0),
        "http.request.method=GET\nurl.path=/orders/o-1\nurl.query=x=y\nurl.scheme=http\n"
        "client.address=127.0.0.1\nuser_agent.original=curl/8\norder.id=o-1\nhttp.route=/orders/{orderId}\n"
        "http.response.status_code=200\n");
}

TEST_F(TracingTest, OnlyTheServersFailuresAreErrors) {
    ask("GET", "/nowhere");
    ask("GET", "/orders/bad");
    ask("BREW", "/orders/1");
    EXPECT_EQ(processor.spans.at(0)->name, "GET");
    EXPECT_EQ(processor.spans.at(0)->status, telemetry::SpanStatus::kUnset);
    EXPECT_FALSE(processor.spans.at(0)->parent.valid());
    EXPECT_EQ(processor.spans.at(1)->status, telemetry::SpanStatus::kError);
    EXPECT_THAT(attributes(1), HasSubstr("error.type=503\n"));
    EXPECT_EQ(processor.spans.at(2)->name, "HTTP /orders/{orderId}");
    EXPECT_THAT(attributes(2), HasSubstr("http.request.method=_OTHER\nhttp.request.method_original=BREW\n"));
}

TEST_F(TracingTest, TheServersAddressIsTheHostField) {
    const auto described = [this](std::string authority) {
        auto call = keeper.call("GET", "/orders/1");
        const_cast<http::Request&>(call->request()).authority = std::move(authority);
        dispatcher.dispatch(call);
        const std::string text = attributes(processor.spans.size() - 1);
        const auto from = text.find("server.address");
        return from == std::string::npos ? std::string("none")
                                         : text.substr(from, text.find("client") - from);
    };
    EXPECT_EQ(described("shop.test:8080"), "server.address=shop.test\nserver.port=8080\n");
    EXPECT_EQ(described("shop.test"), "server.address=shop.test\n");
    EXPECT_EQ(described("[::1]:80"), "server.address=::1\nserver.port=80\n");
    EXPECT_EQ(described("[::1]"), "server.address=::1\n");
    EXPECT_EQ(described("x:port"), "server.address=x\n");
    EXPECT_EQ(described(""), "none");
}

TEST_F(TracingTest, DurationsAreCountedByRouteAndStatus) {
    for (int i = 0; i < 3; ++i) ask("GET", "/orders/" + std::to_string(i));
    ask("GET", "/orders/bad");
    ask("GET", "/health/live");
    EXPECT_EQ(meter.made, 2);
    EXPECT_EQ(meter.histograms
                  .at("http.server.request.duration http.request.method=GET url.scheme=http "
                      "http.response.status_code=200 http.route=/orders/{orderId}")
                  .count(),
              3U);
    EXPECT_EQ(meter.histograms
                  .at("http.server.request.duration http.request.method=GET url.scheme=http "
                      "http.response.status_code=503 http.route=/orders/{orderId} error.type=503")
                  .count(),
              1U);
    EXPECT_EQ(processor.spans.size(), 4U);  // none for health
}

TEST_F(TracingTest, LogLinesNameTheSpan) {
    ask("GET", "/orders/1", {{"traceparent", kParent}});
    EXPECT_THAT(sink.text, HasSubstr("\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\",\"span_id\":\"" +
                                     processor.spans.at(0)->context.span_id.text() + "\""));
}

}  // namespace
}  // namespace loadgen::services::platform
