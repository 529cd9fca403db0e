// The exporter against a real HTTP server. What is in the bodies is checked by tests/interop/telemetry.
#include "common/telemetry/otlp_exporter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <deque>

#include "tests/support/scripted_server.hpp"

namespace loadgen::telemetry {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::scripted;
using test::ScriptedAnswer;
using test::ScriptedServer;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const http::Headers kProtobufBody = {{"Content-Type", "application/x-protobuf"}};

class StringSink final : public LogSink {
  public:
    void write_line(std::string_view line) override { text += line; }
    std::string text;
};

// Answers what is in the list, then 200; remembers the requests.
struct Receiver {
    explicit Receiver(std::deque<ScriptedAnswer> script = {}) : answers(std::move(script)) {}

    std::mutex mutex;
    std::deque<ScriptedAnswer> answers;
    std::vector<http::Request> requests;
    ScriptedServer server{[this](const http::Request& request, int) {
        const std::lock_guard lock(mutex);
        requests.push_back(request);
        if (answers.empty()) return scripted(200, "", kProtobufBody);
        ScriptedAnswer answer = answers.front();
        answers.pop_front();
        return answer;
    }};
};

struct Fixture {
    explicit Fixture(OtlpOptions options) {
        options.retry.first_delay = milliseconds(1);
        auto created = OtlpExporter::create(std::move(options), meter, &logger);
        EXPECT_TRUE(created) << created.error().message;
        exporter = std::move(*created);
    }
    // The count of spans exported with this error type (empty: taken).
    std::uint64_t exported(const std::string& error_type) const {
        for (const Metric& metric : meter.collect().metrics) {
            if (metric.name != "otel.sdk.exporter.span.exported") continue;
            for (const MetricPoint& point : metric.points) {
                std::string found;
                for (const Attribute& attribute : point.attributes) {
                    if (attribute.key == "error.type") found = std::get<std::string>(attribute.value);
                }
                if (found == error_type) return point.count;
            }
        }
        return 0;
    }

    RecordingMeter meter;
    StringSink lines;
    Logger logger{lines, LogLevel::kInfo};
    std::unique_ptr<OtlpExporter> exporter;
};

TEST(OtlpExporter, PostsProtobufToThePathsOfTheSignals) {
    Receiver receiver;
    Fixture fixture({.url = receiver.server.url("/otlp/"), .headers = {{"x-api-key", "k"}}});
    EXPECT_TRUE(fixture.exporter->send(Signal::kTraces, "spans", 3));
    EXPECT_TRUE(fixture.exporter->send(Signal::kMetrics, "metrics", 2));
    ASSERT_THAT(receiver.requests, SizeIs(2));
    EXPECT_EQ(receiver.requests[0].method, "POST");
    EXPECT_EQ(receiver.requests[0].target, "/otlp/v1/traces");
    EXPECT_EQ(receiver.requests[0].body, "spans");
    EXPECT_THAT(receiver.requests[0].headers,
                Contains(http::Header{"Content-Type", "application/x-protobuf"}));
    EXPECT_THAT(receiver.requests[0].headers, Contains(http::Header{"x-api-key", "k"}));
    EXPECT_EQ(http::find_header(receiver.requests[0].headers, "content-encoding"), nullptr);
    EXPECT_EQ(receiver.requests[1].target, "/otlp/v1/metrics");
    EXPECT_EQ(receiver.server.connections(), 1);
    EXPECT_EQ(fixture.exported(""), 3u);
    EXPECT_EQ(fixture.lines.text, "");
}

TEST(OtlpExporter, CompressesWhenAsked) {
    Receiver receiver;
    Fixture fixture({.url = receiver.server.url(""), .gzip = true});
    const std::string body(10'000, 's');
    EXPECT_TRUE(fixture.exporter->send(Signal::kTraces, body, 1));
    const http::Request& request = receiver.requests.at(0);
    EXPECT_THAT(request.headers, Contains(http::Header{"Content-Encoding", "gzip"}));
    std::string plain(20'000, '\0');
    z_stream stream{};
    ASSERT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    std::string compressed = request.body;
    stream.next_in = reinterpret_cast<Bytef*>(compressed.data());
    stream.avail_in = static_cast<uInt>(compressed.size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    plain.resize(stream.total_out);
    inflateEnd(&stream);
    EXPECT_EQ(plain, body);
}

TEST(OtlpExporter, TriesAgainWhatMayBeTriedAgain) {
    const ScriptedAnswer reset{"", ScriptedAnswer::Then::kReset};
    for (const ScriptedAnswer& first : {scripted(429), scripted(502), scripted(503), scripted(504), reset}) {
        Receiver receiver({first, first});
        Fixture fixture({.url = receiver.server.url("")});
        EXPECT_TRUE(fixture.exporter->send(Signal::kTraces, "spans", 7));
        EXPECT_GE(receiver.requests.size(), 3u);  // libcurl itself may repeat a reset on a kept connection
        EXPECT_EQ(receiver.requests.back().body, "spans");
        EXPECT_EQ(fixture.exported(""), 7u);
    }
}

TEST(OtlpExporter, GivesUpWhatMayNot) {
    for (const int status : {400, 401, 404, 413, 415, 500, 501, 301}) {
        Receiver receiver({scripted(status)});
        Fixture fixture({.url = receiver.server.url("")});
        EXPECT_FALSE(fixture.exporter->send(Signal::kTraces, "spans", 7));
        EXPECT_THAT(receiver.requests, SizeIs(1)) << status;
        EXPECT_EQ(fixture.exported(std::to_string(status)), 7u);
        EXPECT_EQ(fixture.exported(""), 0u);
    }
}

TEST(OtlpExporter, GivesUpAfterSomeAttempts) {
    Receiver receiver({scripted(503), scripted(503), scripted(503), scripted(503)});
    Fixture fixture({.url = receiver.server.url(""), .retry = {.max_attempts = 3}});
    EXPECT_FALSE(fixture.exporter->send(Signal::kTraces, "spans", 7));
    EXPECT_THAT(receiver.requests, SizeIs(3));
    EXPECT_EQ(fixture.exported("503"), 7u);
}

TEST(OtlpExporter, ComesBackWhenTheReceiverSays) {
    // Its own backoff would take an hour.
    Receiver receiver({scripted(503, "", {{"Retry-After", "0"}})});
    RecordingMeter meter;
    const auto exporter = OtlpExporter::create(
        {.url = receiver.server.url(""), .retry = {.first_delay = hours(1), .max_delay = hours(1)}}, meter,
        nullptr);
    ASSERT_TRUE(exporter);
    EXPECT_TRUE((*exporter)->send(Signal::kTraces, "spans", 1));
    EXPECT_THAT(receiver.requests, SizeIs(2));
}

TEST(OtlpExporter, CountsWhatTheReceiverRejects) {
    Receiver receiver({scripted(200,
                                "\x0a\x07\x08\x02\x12\x03"
                                "bad",
                                kProtobufBody),
                       scripted(200, "{\"partialSuccess\":{}}", {{"Content-Type", "application/json"}}),
                       scripted(200, "\xff", kProtobufBody), scripted(202)});
    Fixture fixture({.url = receiver.server.url("")});
    EXPECT_FALSE(fixture.exporter->send(Signal::kTraces, "spans", 5));
    EXPECT_EQ(fixture.exported("rejected"), 2u);
    EXPECT_EQ(fixture.exported(""), 3u);
    EXPECT_THAT(fixture.lines.text, HasSubstr("\"reason\":\"bad\""));
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(fixture.exporter->send(Signal::kTraces, "spans", 1));
    EXPECT_EQ(fixture.exported(""), 6u);
    EXPECT_THAT(receiver.requests, SizeIs(4));  // never sent again
}

TEST(OtlpExporter, SaysWhenItBeginsToFailAndWhenItWorksAgain) {
    Receiver receiver({scripted(400), scripted(400), scripted(200), scripted(200)});
    Fixture fixture({.url = receiver.server.url("")});
    for (int i = 0; i < 4; ++i) fixture.exporter->send(Signal::kTraces, "spans", 5);
    EXPECT_EQ(std::count(fixture.lines.text.begin(), fixture.lines.text.end(), '\n'), 2);
    EXPECT_THAT(
        fixture.lines.text,
        HasSubstr("\"level\":\"warn\",\"message\":\"telemetry is lost\",\"signal\":\"spans\",\"items\":5,"
                  "\"reason\":\"the receiver answers 400\"}"));
    EXPECT_THAT(fixture.lines.text,
                HasSubstr("\"level\":\"info\",\"message\":\"telemetry is exported again\""));
}

TEST(OtlpExporter, AShutdownEndsAnAnswerThatNeverComes) {
    Receiver receiver({ScriptedAnswer{"", ScriptedAnswer::Then::kSilence}});
    Fixture fixture({.url = receiver.server.url(""), .request_timeout = hours(1)});
    bool taken = true;
    std::thread sender([&] { taken = fixture.exporter->send(Signal::kTraces, "spans", 5); });
    receiver.server.wait_for_requests(1);
    fixture.exporter->begin_shutdown(milliseconds(1));
    sender.join();
    EXPECT_FALSE(taken);
    EXPECT_EQ(fixture.exported("shutdown"), 5u);
}

TEST(OtlpExporter, AShutdownEndsTheWaitForARetry) {
    Receiver receiver({scripted(503, "", {{"Retry-After", "29"}})});
    Fixture fixture({.url = receiver.server.url("")});
    std::thread sender([&] { fixture.exporter->send(Signal::kTraces, "spans", 5); });
    receiver.server.wait_for_requests(1);
    fixture.exporter->begin_shutdown(milliseconds(1));
    sender.join();
    // It was waiting already, or the answer had not arrived.
    EXPECT_EQ(fixture.exported("503") + fixture.exported("shutdown"), 5u);
}

TEST(OtlpExporter, TellsHowLongExportsTook) {
    Receiver receiver({scripted(200), scripted(400)});
    Fixture fixture({.url = receiver.server.url("")});
    fixture.exporter->send(Signal::kTraces, "spans", 5);
    fixture.exporter->send(Signal::kTraces, "spans", 5);
    std::uint64_t operations = 0;
    for (const Metric& metric : fixture.meter.collect().metrics) {
        if (metric.name != "otel.sdk.exporter.operation.duration") continue;
        EXPECT_THAT(metric.points, SizeIs(2));
        for (const MetricPoint& point : metric.points) {
            EXPECT_THAT(point.attributes, Contains(Attribute{"server.address", "127.0.0.1"}));
            EXPECT_THAT(point.attributes,
                        Contains(Attribute{"server.port", std::int64_t{receiver.server.port()}}));
            for (const std::uint64_t bucket : point.buckets) operations += bucket;
        }
    }
    EXPECT_EQ(operations, 2u);
}

TEST(OtlpExporter, RefusesUrlsThatCannotBeUsed) {
    RecordingMeter meter;
    const auto error = [&](const std::string& url) {
        return OtlpExporter::create({.url = url}, meter, nullptr).error().message;
    };
    EXPECT_THAT(error("localhost:4318"), ::testing::StartsWith("telemetry: bad URL \"localhost:4318\": "));
    EXPECT_THAT(error("ftp://localhost"), HasSubstr("scheme must be http or https"));
    EXPECT_EQ(error("http://localhost:4318/?a=b"),
              "telemetry: bad URL \"http://localhost:4318/?a=b\": the paths of the signals are added to it, "
              "so it can't "
              "have a query");
}

}  // namespace
}  // namespace loadgen::telemetry
