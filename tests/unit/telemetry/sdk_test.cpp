#include "common/telemetry/sdk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scripted_server.hpp"

namespace loadgen::telemetry {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using test::scripted;
using test::ScriptedServer;
using ::testing::HasSubstr;
using ::testing::Not;

// All bodies by path. Names and texts stand in protobuf as they are.
struct Receiver {
    std::mutex mutex;
    std::string traces;
    std::string metrics;
    ScriptedServer server{[this](const http::Request& request, int) {
        const std::lock_guard lock(mutex);
        (request.target == "/v1/traces" ? traces : metrics) += request.body;
        return scripted(200);
    }};
};

SdkOptions patient(const std::string& url) {
    SdkOptions options;
    options.otlp.url = url;
    options.batch.max_delay = hours(1);
    options.metrics_interval = hours(1);
    options.shutdown_timeout = seconds(30);
    return options;
}

TEST(Sdk, ExportsEverythingAtTheEnd) {
    Receiver receiver;
    {
        auto sdk = Sdk::start(patient(receiver.server.url("")));
        ASSERT_TRUE(sdk) << sdk.error().message;
        const Tracer orders = (*sdk)->tracer_for({.service_name = "orders", .environment = "dev"});
        const Tracer loyalty = (*sdk)->tracer_for({.service_name = "loyalty"});
        Meter& meter = (*sdk)->meter_for({.service_name = "orders", .environment = "dev"});
        EXPECT_EQ(&meter, &(*sdk)->meter_for({.service_name = "orders", .environment = "dev"}));
        EXPECT_NE(&meter, &(*sdk)->meter_for({.service_name = "loyalty"}));
        orders.start({"place order"}).end();
        loyalty.start({"add points"}).end();
        meter.counter("orders.placed", "{order}").add(3);
        EXPECT_TRUE(receiver.traces.empty());
    }
    for (const char* text :
         {"place order", "add points", "orders", "loyalty", "dev", "telemetry.sdk.language"}) {
        EXPECT_THAT(receiver.traces, HasSubstr(text));
    }
    for (const char* text :
         {"orders.placed", "otel.sdk.span.started", "otel.sdk.span.live", "otel.sdk.exporter.span.exported",
          "otel.sdk.exporter.span.inflight", "otel.sdk.exporter.operation.duration",
          "otel.sdk.processor.span.queue.size", "otel.sdk.processor.span.queue.capacity",
          "otel.sdk.processor.span.processed", "queue_full"}) {
        EXPECT_THAT(receiver.metrics, HasSubstr(text));
    }
}

TEST(Sdk, FlushesWhenAsked) {
    Receiver receiver;
    auto sdk = Sdk::start(patient(receiver.server.url("")));
    ASSERT_TRUE(sdk);
    (*sdk)->tracer_for({.service_name = "orders"}).start({"first"}).end();
    EXPECT_TRUE((*sdk)->flush(seconds(30)));
    {
        const std::lock_guard lock(receiver.mutex);
        EXPECT_THAT(receiver.traces, HasSubstr("first"));
        EXPECT_THAT(receiver.metrics, HasSubstr("otel.sdk.span.started"));
    }
    (*sdk)->shutdown();
    (*sdk)->tracer_for({.service_name = "orders"}).start({"late"}).end();
    EXPECT_THAT(receiver.traces, Not(HasSubstr("late")));
}

TEST(Sdk, EndsThoughNobodyListens) {
    std::string url;
    {
        const ScriptedServer gone([](const http::Request&, int) { return scripted(200); });
        url = gone.url("");
    }
    SdkOptions options = patient(url);
    options.shutdown_timeout = std::chrono::milliseconds(20);
    auto sdk = Sdk::start(options);
    ASSERT_TRUE(sdk);
    const Tracer tracer = (*sdk)->tracer_for({.service_name = "orders"});
    for (int i = 0; i < 3000; ++i) tracer.start({"lost"}).end();
    sdk->reset();
}

TEST(Sdk, WithoutAUrlSpansHaveIdsAndMetersCount) {
    auto sdk = Sdk::start({});
    ASSERT_TRUE(sdk);
    const Tracer tracer = (*sdk)->tracer_for({.service_name = "orders"});
    EXPECT_FALSE(tracer.enabled());
    EXPECT_TRUE(tracer.start({"a"}).context().valid());
    Counter& counter = (*sdk)->meter_for({.service_name = "orders"}).counter("c", "");
    counter.add(2);
    EXPECT_EQ((*sdk)->meter_for({.service_name = "orders"}).counter("c", "").value(), 2u);
    EXPECT_TRUE((*sdk)->flush(seconds(1)));
}

TEST(Sdk, RefusesABadUrl) {
    SdkOptions options;
    options.otlp.url = "localhost";
    const auto sdk = Sdk::start(options);
    ASSERT_FALSE(sdk);
    EXPECT_THAT(sdk.error().message, HasSubstr("telemetry: bad URL \"localhost\""));
}

TEST(Resource, NamesTheServiceAndTheSdk) {
    const auto value = [](const Resource& resource, const std::string& key) -> std::string {
        for (const Attribute& attribute : resource.attributes()) {
            if (attribute.key == key) return std::get<std::string>(attribute.value);
        }
        return "(absent)";
    };
    const Resource full{"orders", "1.2", "shop", "i-1", "dev", {{"cloud.region", "x"}}};
    EXPECT_EQ(value(full, "service.name"), "orders");
    EXPECT_EQ(value(full, "service.version"), "1.2");
    EXPECT_EQ(value(full, "service.namespace"), "shop");
    EXPECT_EQ(value(full, "service.instance.id"), "i-1");
    EXPECT_EQ(value(full, "deployment.environment.name"), "dev");
    EXPECT_EQ(value(full, "telemetry.sdk.name"), "loadgen");
    EXPECT_EQ(value(full, "telemetry.sdk.language"), "cpp");
    EXPECT_EQ(value(full, "cloud.region"), "x");
    EXPECT_EQ(value({}, "service.name"), "unknown_service");
    EXPECT_EQ(value({}, "service.version"), "(absent)");
}

}  // namespace
}  // namespace loadgen::telemetry
