#include "common/telemetry/datadog_carrier.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace loadgen::telemetry {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

using Fields = std::map<std::string, std::string, std::less<>>;

std::optional<SpanContext> read(const Fields& fields) {
    return read_carrier([&fields](std::string_view name) -> std::optional<std::string_view> {
        const auto found = fields.find(name);
        if (found == fields.end()) return std::nullopt;
        return found->second;
    });
}

constexpr const char* kTraceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

// The numbers of the W3C's example ids: 0x8448eb211c80319c and 0xb7ad6b7169203331.
TEST(DatadogCarrier, NamesTheContextInBothStyles) {
    SpanContext context = *parse_traceparent(kTraceparent);
    context.state = "dd=s:1";
    std::vector<std::pair<std::string, std::string>> carrier;
    append_carrier(context, carrier);
    EXPECT_THAT(carrier, ElementsAre(Pair("traceparent", kTraceparent), Pair("tracestate", "dd=s:1"),
                                     Pair("x-datadog-trace-id", "9532127138774266268"),
                                     Pair("x-datadog-parent-id", "13235353014750950193"),
                                     Pair("x-datadog-sampling-priority", "1"),
                                     Pair("x-datadog-tags", "_dd.p.tid=0af7651916cd43dd")));
}

TEST(DatadogCarrier, LeavesOutWhatIsNotThere) {
    std::vector<std::pair<std::string, std::string>> carrier;
    append_carrier(SpanContext{}, carrier);
    EXPECT_TRUE(carrier.empty());
    append_carrier(*parse_traceparent("00-00000000000000008448eb211c80319c-b7ad6b7169203331-00"), carrier);
    EXPECT_THAT(carrier,
                ElementsAre(Pair("traceparent", "00-00000000000000008448eb211c80319c-b7ad6b7169203331-00"),
                            Pair("x-datadog-trace-id", "9532127138774266268"),
                            Pair("x-datadog-parent-id", "13235353014750950193"),
                            Pair("x-datadog-sampling-priority", "0")));
}

TEST(DatadogCarrier, TraceparentWinsWhenItIsValid) {
    Fields fields = {{"traceparent", kTraceparent},
                     {"tracestate", "foo=1"},
                     {"x-datadog-trace-id", "1"},
                     {"x-datadog-parent-id", "2"}};
    auto context = read(fields);
    ASSERT_TRUE(context);
    EXPECT_EQ(format_traceparent(*context), kTraceparent);
    EXPECT_EQ(context->state, "foo=1");
    EXPECT_TRUE(context->remote);
    // Three fields, as one producer of the sample writes it.
    fields["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";
    context = read(fields);
    ASSERT_TRUE(context);
    EXPECT_EQ(format_traceparent(*context), "00-00000000000000000000000000000001-0000000000000002-01");
    EXPECT_EQ(context->state, "");
}

TEST(DatadogCarrier, JoinsBothHalvesOfTheTraceId) {
    const auto context = read({{"x-datadog-trace-id", "9532127138774266268"},
                               {"x-datadog-parent-id", "13235353014750950193"},
                               {"x-datadog-sampling-priority", "2"},
                               {"x-datadog-tags", "_dd.p.dm=-4,_dd.p.tid=0af7651916cd43dd,_dd.p.usr.id=x"}});
    ASSERT_TRUE(context);
    EXPECT_EQ(format_traceparent(*context), kTraceparent);
    EXPECT_TRUE(context->remote);
}

TEST(DatadogCarrier, ReadsThePriorityAsADecision) {
    Fields fields = {{"x-datadog-trace-id", "1"}, {"x-datadog-parent-id", "2"}};
    EXPECT_TRUE(read(fields)->sampled());
    for (const char* kept : {"1", "2", "x", ""}) {
        fields["x-datadog-sampling-priority"] = kept;
        EXPECT_TRUE(read(fields)->sampled()) << kept;
    }
    for (const char* dropped : {"0", "-1"}) {
        fields["x-datadog-sampling-priority"] = dropped;
        EXPECT_FALSE(read(fields)->sampled()) << dropped;
    }
}

TEST(DatadogCarrier, RefusesIdsThatAreNone) {
    for (const char* bad : {"", "0", "-1", "+1", " 1", "1 ", "0x1", "18446744073709551616", "1.0", "abc"}) {
        EXPECT_FALSE(read({{"x-datadog-trace-id", bad}, {"x-datadog-parent-id", "2"}})) << bad;
        EXPECT_FALSE(read({{"x-datadog-trace-id", "1"}, {"x-datadog-parent-id", bad}})) << bad;
    }
    EXPECT_FALSE(read({{"x-datadog-trace-id", "1"}}));
    EXPECT_FALSE(read({}));
    EXPECT_TRUE(read({{"x-datadog-trace-id", "18446744073709551615"}, {"x-datadog-parent-id", "2"}}));
}

TEST(DatadogCarrier, IgnoresHighBitsThatAreMalformed) {
    for (const std::string bad : {"", "1", "0af7651916cd43dd0", "0AF7651916CD43DD", "0af7651916cd43dg"}) {
        const auto context = read({{"x-datadog-trace-id", "1"},
                                   {"x-datadog-parent-id", "2"},
                                   {"x-datadog-tags", "_dd.p.tid=" + bad}});
        ASSERT_TRUE(context) << bad;
        EXPECT_EQ(context->trace_id.text(), "00000000000000000000000000000001") << bad;
    }
    const std::string too_long = "a=" + std::string(600, 'b') + ",_dd.p.tid=0af7651916cd43dd";
    EXPECT_EQ(read({{"x-datadog-trace-id", "1"}, {"x-datadog-parent-id", "2"}, {"x-datadog-tags", too_long}})
                  ->trace_id.text(),
              "00000000000000000000000000000001");
}

}  // namespace
}  // namespace loadgen::telemetry
