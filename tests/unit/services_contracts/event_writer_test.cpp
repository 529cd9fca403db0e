#include <gtest/gtest.h>

#include "services/contracts/event.hpp"
#include "services/contracts/message.hpp"

namespace loadgen::services::contracts {
namespace {

Event stock_reserved() {
    Event event;
    event.id = "0d9c1f6e-38a1-4f55-8d6c-3d1b2a0c9f11";
    event.type = "inventory.stockReserved.v1";
    event.source = "dev.inventory";
    event.time = WallTime{1735725600123456789};  // 2025-01-01T10:00:00.123Z
    event.data = R"({"orderNumber":"5e0a","conversationId":"c1f4"})";
    event.trace = *telemetry::parse_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    return event;
}

// The ids are those of the example in the W3C Trace Context recommendation; their decimal forms were computed
// with Python.
TEST(WriteEvent, IsCanonical) {
    EXPECT_EQ(write_event(stock_reserved()),
              R"({"specversion":"1.0","id":"0d9c1f6e-38a1-4f55-8d6c-3d1b2a0c9f11","source":"dev.inventory",)"
              R"("type":"inventory.stockReserved.v1","time":"2025-01-01T10:00:00.123Z",)"
              R"("datacontenttype":"application/json",)"
              R"("traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",)"
              R"("_datadog":{"traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",)"
              R"("x-datadog-trace-id":"9532127138774266268","x-datadog-parent-id":"13235353014750950193",)"
              R"("x-datadog-sampling-priority":"1","x-datadog-tags":"_dd.p.tid=0af7651916cd43dd"},)"
              R"("data":{"orderNumber":"5e0a","conversationId":"c1f4"}})");
}

TEST(WriteEvent, LeavesOutWhatIsNotThere) {
    Event event = stock_reserved();
    event.trace = {};
    const std::string text = write_event(event);
    EXPECT_EQ(text.find("traceparent"), std::string::npos);
    EXPECT_EQ(text.find("_datadog"), std::string::npos);
    EXPECT_EQ(text.find("\"conversationId\":\"\""), std::string::npos);
    EXPECT_EQ(text.find("deprecationdate"), std::string::npos);
    EXPECT_EQ(text.find("supercededby"), std::string::npos);
}

TEST(WriteEvent, NamesTheConversationAndTheSuccessor) {
    Event event = stock_reserved();
    event.trace.state = "vendor=1";
    event.conversation_id = "token-7";
    event.deprecation_date = "2025-12-01";
    event.superseded_by = "orders.orderCompleted.v2";
    const std::string text = write_event(event);
    EXPECT_NE(text.find(R"("tracestate":"vendor=1","_datadog")"), std::string::npos) << text;
    EXPECT_NE(text.find(R"("conversationId":"token-7","deprecationdate":"2025-12-01",)"
                        R"("supercededby":"orders.orderCompleted.v2","data":)"),
              std::string::npos)
        << text;
}

TEST(WriteMessage, HasTheFieldsOfTheBus) {
    EXPECT_EQ(write_message({.id = "6b1f",
                             .type = "inventory.stockReserved.v1",
                             .source = "dev.inventory",
                             .time = WallTime{1735725600999999999},
                             .detail = R"({"a":1})"}),
              R"({"version":"0","id":"6b1f","detail-type":"inventory.stockReserved.v1",)"
              R"("source":"dev.inventory","account":"local","time":"2025-01-01T10:00:00Z",)"
              R"("region":"local","resources":[],"detail":{"a":1}})");
}

TEST(WriteMessage, IsReadBackWhole) {
    Event event = stock_reserved();
    event.trace.state = "vendor=1";
    event.conversation_id = "token-7";
    event.deprecation_date = "2025-12-01";
    event.superseded_by = "next";
    const std::string detail = write_event(event);
    const std::string body = write_message(
        {.id = "6b1f", .type = event.type, .source = event.source, .time = event.time, .detail = detail});
    const auto read = read_message(body);
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_EQ(read->id, event.id);
    EXPECT_EQ(read->type, event.type);
    EXPECT_EQ(read->source, event.source);
    EXPECT_EQ(read->time.unix_ns, 1735725600123000000);
    EXPECT_EQ(read->data, event.data);
    EXPECT_EQ(read->conversation_id, event.conversation_id);
    EXPECT_EQ(read->deprecation_date, event.deprecation_date);
    EXPECT_EQ(read->superseded_by, event.superseded_by);
    EXPECT_EQ(read->trace.trace_id, event.trace.trace_id);
    EXPECT_EQ(read->trace.span_id, event.trace.span_id);
    EXPECT_EQ(read->trace.state, event.trace.state);
    EXPECT_TRUE(read->trace.remote);
    EXPECT_EQ(read->body_bytes, event.data.size());
    EXPECT_EQ(read->envelope_bytes, body.size());
}

}  // namespace
}  // namespace loadgen::services::contracts
