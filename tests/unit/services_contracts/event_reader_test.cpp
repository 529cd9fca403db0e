// The producers of the original set disagree about their envelopes: every shape of theirs is a row here.
#include <gtest/gtest.h>

#include "services/contracts/event.hpp"

namespace loadgen::services::contracts {
namespace {

constexpr std::string_view kBus =
    R"("version":"0","id":"bus-id","detail-type":"orders.orderCreated.v1","source":"dev.orders",)"
    R"("account":"1","region":"r","resources":[],)";
constexpr std::string_view kParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
constexpr std::string_view kOther = "00-11111111111111111111111111111111-2222222222222222-00";
constexpr std::int64_t kTenOClock = 1735725600;  // 2025-01-01T10:00:00Z

std::string message(std::string_view time, std::string_view detail) {
    std::string text = "{";
    text.append(kBus);
    if (!time.empty()) text.append("\"time\":").append(time).append(",");
    return text.append("\"detail\":").append(detail).append("}");
}

Event read(const std::string& text) {
    auto event = read_message(text);
    EXPECT_TRUE(event.has_value()) << event.error().message << "\n" << text;
    return event ? std::move(*event) : Event{};
}

std::string parent_of(const Event& event) {
    return event.trace.valid() ? telemetry::format_traceparent(event.trace) : std::string("none");
}

struct NameCase {
    std::string_view detail;
    std::string_view type;
    std::string_view id;
    std::string_view source;
};

TEST(ReadMessage, TakesNamesFromTheEventBeforeTheBus) {
    constexpr NameCase kCases[] = {
        {R"({"type":"t.v1","id":"i","source":"s"})", "t.v1", "i", "s"},
        {R"({"id":"i"})", "orders.orderCreated.v1", "i", "dev.orders"},
        {R"({})", "orders.orderCreated.v1", "bus-id", "dev.orders"},
        {R"({"type":null,"id":7,"source":{}})", "orders.orderCreated.v1", "bus-id", "dev.orders"},
        {R"({"type":"","id":""})", "orders.orderCreated.v1", "bus-id", "dev.orders"},
        {R"({"t\u0079pe":"escaped","type":"second"})", "escaped", "bus-id", "dev.orders"},
    };
    for (const NameCase& row : kCases) {
        const Event event = read(message(R"("2025-01-01T10:00:00Z")", row.detail));
        EXPECT_EQ(event.type, row.type) << row.detail;
        EXPECT_EQ(event.id, row.id) << row.detail;
        EXPECT_EQ(event.source, row.source) << row.detail;
    }
}

struct TimeCase {
    std::string_view bus;
    std::string_view event;
    std::int64_t unix_ns;
};

TEST(ReadMessage, TakesTheTimeFromEither) {
    constexpr std::int64_t kMs = 1'000'000;
    constexpr TimeCase kCases[] = {
        {R"("2025-01-01T10:00:00Z")", R"({})", kTenOClock * 1000 * kMs},
        {R"("2025-01-01T10:00:00.250Z")", R"({"time":"2025-01-01T10:00:00.123Z"})",
         (kTenOClock * 1000 + 250) * kMs},
        // The same second: the event knows its fraction. Another second: the bus decides.
        {R"("2025-01-01T10:00:00Z")", R"({"time":"2025-01-01T10:00:00.123Z"})",
         (kTenOClock * 1000 + 123) * kMs},
        {R"("2025-01-01T10:00:00Z")", R"({"time":"2025-01-01T09:59:59.999Z"})", kTenOClock * 1000 * kMs},
        {R"("2025-01-01T10:00:00Z")", R"({"time":"1735725600123"})", (kTenOClock * 1000 + 123) * kMs},
        {"", R"({"time":"1735725600123"})", (kTenOClock * 1000 + 123) * kMs},
        {"", R"({"time":"2025-01-01T11:00:00.5+01:00"})", (kTenOClock * 1000 + 500) * kMs},
        {"null", R"({"time":"2025-01-01T10:00:00Z"})", kTenOClock * 1000 * kMs},
        {R"("yesterday")", R"({"time":"2025-01-01T10:00:00Z"})", kTenOClock * 1000 * kMs},
        {R"("2025-01-01T10:00:00Z")", R"({"time":"soon"})", kTenOClock * 1000 * kMs},
    };
    for (const TimeCase& row : kCases) {
        EXPECT_EQ(read(message(row.bus, row.event)).time.unix_ns, row.unix_ns) << row.bus << " " << row.event;
    }
}

struct TraceCase {
    std::string detail;
    std::string parent;
};

TEST(ReadMessage, TakesTheTraceFromTheCarrierBeforeTheTop) {
    const std::string parent(kParent);
    const std::string other(kOther);
    const TraceCase cases[] = {
        {"{\"_datadog\":{\"traceparent\":\"" + parent + "\"},\"traceparent\":\"" + other + "\"}", parent},
        {"{\"traceparent\":\"" + other + "\"}", other},
        {"{\"_datadog\":{\"traceparent\":null,\"dd-pathway-ctx-base64\":\"x\"},\"traceparent\":\"" + parent +
             "\"}",
         parent},
        {"{\"_datadog\":\"text\",\"traceparent\":\"" + parent + "\"}", parent},
        {"{\"_datadog\":null,\"traceparent\":null}", "none"},
        {R"({"_datadog":{"x-datadog-trace-id":"9532127138774266268",)"
         R"("x-datadog-parent-id":"13235353014750950193","x-datadog-sampling-priority":"1",)"
         R"("x-datadog-tags":"_dd.p.tid=0af7651916cd43dd"}})",
         parent},
        // What counts as malformed: version ff, upper case, wrong lengths, zero ids, parts missing.
        {R"({"traceparent":"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"})", "none"},
        {R"({"traceparent":"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"})", "none"},
        {R"({"traceparent":"00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01"})", "none"},
        {R"({"traceparent":"00-00000000000000000000000000000000-b7ad6b7169203331-01"})", "none"},
        {R"({"traceparent":"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"})", "none"},
        {R"({"traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"})", "none"},
        {R"({"traceparent":17})", "none"},
    };
    for (const TraceCase& row : cases) {
        EXPECT_EQ(parent_of(read(message(R"("2025-01-01T10:00:00Z")", row.detail))), row.parent)
            << row.detail;
    }
}

TEST(ReadMessage, KeepsTheStateOfTheTrace) {
    const std::string parent(kParent);
    EXPECT_EQ(read(message(R"("2025-01-01T10:00:00Z")",
                           "{\"traceparent\":\"" + parent + "\",\"tracestate\":\"a=1 , b=2\"}"))
                  .trace.state,
              "a=1,b=2");
    EXPECT_EQ(read(message(R"("2025-01-01T10:00:00Z")",
                           "{\"traceparent\":\"" + parent + "\",\"tracestate\":\"A=1\"}"))
                  .trace.state,
              "");
}

TEST(ReadMessage, KeepsTheDataByteForByte) {
    constexpr std::string_view kData[] = {
        R"({"a" :  1.10, "b":"\u0041}"})", R"([1,[2,{"x":"]"}]])", R"("text")", "1e3", "null", "true"};
    for (const std::string_view data : kData) {
        for (const std::string_view around : {R"({"id":"x","data":%,"more":{"data":2}})", R"({ "data" : % })",
                                              R"({"other":{"data":[1]},"data":%,"data":"a second one"})"}) {
            std::string detail(around);
            detail.replace(detail.find('%'), 1, data);
            const Event event = read(message(R"("2025-01-01T10:00:00Z")", detail));
            EXPECT_EQ(event.data, data) << detail;
            EXPECT_EQ(event.body_bytes, data.size());
        }
    }
    const Event none = read(message(R"("2025-01-01T10:00:00Z")", "{}"));
    EXPECT_EQ(none.data, "{}");
    EXPECT_EQ(none.body_bytes, 0U);
}

TEST(ReadMessage, ReadsTheConversationAndTheSuccessor) {
    const Event event =
        read(message(R"("2025-01-01T10:00:00Z")",
                     R"({"conversationId":"c","deprecationdate":"2025-12-01","supercededby":"v2"})"));
    EXPECT_EQ(event.conversation_id, "c");
    EXPECT_EQ(event.deprecation_date, "2025-12-01");
    EXPECT_EQ(event.superseded_by, "v2");
    EXPECT_EQ(read(message(R"("2025-01-01T10:00:00Z")", R"({"conversationId":null})")).conversation_id, "");
}

struct ErrorCase {
    std::string text;
    std::string message;
};

TEST(ReadMessage, SaysWhatIsMissing) {
    const ErrorCase cases[] = {
        {R"({"detail":{"id":"i","time":"2025-01-01T10:00:00Z"}})",
         R"(event: no type: neither "detail.type" nor "detail-type" is a text)"},
        {R"({"detail":{"type":"t","time":"2025-01-01T10:00:00Z"}})",
         R"(event: no id: neither "detail.id" nor "id" is a text)"},
        {R"({"detail":{"type":"t","id":"i","time":"-5"}})",
         R"(event: no time: neither "time" nor "detail.time" is RFC 3339 or milliseconds since 1970 as a text)"},
        {R"({"id":"i"})", R"(event: "detail" is missing)"},
        {R"({"detail":"{}"})", R"(event: "detail" is a string, expected an object)"},
        {"[]", "event: found an array, expected an object"},
        {"{\"detail\":}", "event: line 1, column 11: found '}', expected a value"},
    };
    for (const ErrorCase& row : cases) {
        const auto event = read_message(row.text);
        ASSERT_FALSE(event.has_value()) << row.text;
        EXPECT_EQ(event.error().message, row.message) << row.text;
        EXPECT_EQ(event.error().code, ErrorCode::kSyntax);
    }
}

TEST(ReadMessage, HasLimits) {
    const std::string time = R"("2025-01-01T10:00:00Z")";
    const auto nested = [&](std::size_t depth) {
        return message(time, "{\"data\":" + std::string(depth, '[') + std::string(depth, ']') + "}");
    };
    EXPECT_TRUE(read_message(nested(29)).has_value());
    EXPECT_FALSE(read_message(nested(33)).has_value());
    const auto long_data = [&](std::size_t bytes) {
        return message(time, "{\"data\":\"" + std::string(bytes, 'x') + "\"}");
    };
    EXPECT_TRUE(read_message(long_data(200 * 1024)).has_value());
    EXPECT_FALSE(read_message(long_data(256 * 1024)).has_value());
}

}  // namespace
}  // namespace loadgen::services::contracts
