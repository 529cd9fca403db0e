#include <gmock/gmock.h>

#include "services/orders/service.hpp"
#include "tests/unit/services_orders/live.hpp"

namespace loadgen::services::orders::test {
namespace {

using loadgen::services::test::eventually;
using ::testing::MatchesRegex;

TEST_F(LiveOrders, AsksTheInventoryAndConfirms) {
    const std::string id = order("15684379648573481564", "FLAT-WHITE");
    const contracts::Event asked = question(id);
    EXPECT_EQ(asked.source, "dev.orders");
    EXPECT_THAT(asked.conversation_id, MatchesRegex("[0-9a-f]{32}"));
    EXPECT_EQ(member(asked.data, "products.0"), "FLAT-WHITE");
    EXPECT_EQ(member(asked.data, "userId"), "15684379648573481564");
    reply(id, asked.conversation_id);
    ASSERT_TRUE(becomes("15684379648573481564", id, "Confirmed"));
    ASSERT_TRUE(eventually([&] { return !told("orders.orderConfirmed.v1", id).empty(); }));
    const contracts::Event confirmed = told("orders.orderConfirmed.v1", id).front();
    EXPECT_EQ(member(confirmed.data, "userId"), "15684379648573481564");
    EXPECT_EQ(confirmed.conversation_id, "");
    EXPECT_EQ(told("orders.orderCreated.v1", id).size(), 1U);
}

TEST_F(LiveOrders, WithoutStockTheOrderEndsAndNothingIsTold) {
    const std::string id = order("1");
    reply(id, question(id).conversation_id, false);
    ASSERT_TRUE(becomes("1", id, "NoStock"));
    confirmed_order("1");  // what had to be told before this has been told
    EXPECT_TRUE(told("orders.orderConfirmed.v1", id).empty());
}

TEST_F(LiveOrders, AnAnswerCountsOnce) {
    const std::string id = order("1");
    const std::string conversation = question(id).conversation_id;
    reply(id, conversation);
    ASSERT_TRUE(becomes("1", id, "Confirmed"));
    reply(id, conversation);
    reply(id, conversation, false);
    reply(id, "0123456789abcdef0123456789abcdef");
    reply(id, std::string(5000, 'x'), false);
    // The harness notes what was received once it was handled.
    ASSERT_TRUE(eventually([&] { return member(ask("GET", "/events/" + id).body, "") == "array of 5"; }));
    EXPECT_EQ(status("1", id), "Confirmed");
    EXPECT_EQ(told("orders.orderConfirmed.v1", id).size(), 1U);
    EXPECT_TRUE(services_.dead_letters("OrdersService-StockReserved-dev").empty());
    EXPECT_TRUE(services_.dead_letters("OrdersService-StockReservationFailedACL-dev").empty());
}

TEST_F(LiveOrders, TheSameEventTwiceIsOneAnswer) {
    const std::string id = order("1");
    const std::string data =
        R"({"orderNumber":")" + id + R"(","conversationId":")" + question(id).conversation_id + "\"}";
    services_.publish("inventory.stockReserved.v1", data, "11111111-2222-4333-8444-555555555555");
    ASSERT_TRUE(becomes("1", id, "Confirmed"));
    services_.publish("inventory.stockReserved.v1", data, "11111111-2222-4333-8444-555555555555");
    const std::string later = confirmed_order("1");
    EXPECT_EQ(member(ask("GET", "/events/" + id).body, ""), "array of 1");
    EXPECT_EQ(look_up("SELECT COUNT(*) FROM inbox"), "2");
}

TEST_F(LiveOrders, AReplyThatMakesNoSenseBecomesADeadLetter) {
    services_.publish("inventory.stockReserved.v1", R"({"orderNumber":"x"})");
    EXPECT_TRUE(
        eventually([&] { return services_.dead_letters("OrdersService-StockReserved-dev").size() == 1; }));
    EXPECT_EQ(services_.dead_letters("OrdersService-StockReserved-dev").at(0).receives, 3);
}

TEST_F(LiveOrders, StepsContinueTheTraceOfTheRequest) {
    fetch::FetchRequest request{.method = "POST", .body = std::string(kOneProduct)};
    request.headers = {{"Authorization", "Bearer " + token("1")},
                       {"Content-Type", "application/json"},
                       {"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
                       {"tracestate", "vendor=1"}};
    const std::string id = member(services_.send("orders", "/orders", request).body, "orderId");
    const contracts::Event asked = question(id);
    EXPECT_EQ(asked.trace.trace_id.text(), "0af7651916cd43dd8448eb211c80319c");
    EXPECT_EQ(asked.trace.state, "vendor=1");
    reply(id, asked.conversation_id);  // in no trace
    ASSERT_TRUE(eventually([&] { return !told("orders.orderConfirmed.v1", id).empty(); }));
    EXPECT_EQ(told("orders.orderConfirmed.v1", id).front().trace.trace_id.text(),
              "0af7651916cd43dd8448eb211c80319c");
}

/// Timeouts are as short as they get: five seconds.
class ImpatientOrders : public LiveOrders {
  protected:
    ImpatientOrders() : LiveOrders([](runtime::Settings& settings) { settings.time_scale = 0; }) {}
};

TEST_F(ImpatientOrders, AskAgainWithTheSameEventAndANewTokenThenGiveUp) {
    const std::string id = order("1");
    const contracts::Event first = question(id, 1);
    const contracts::Event second = question(id, 2);
    EXPECT_EQ(first.id, second.id);
    EXPECT_EQ(first.data, second.data);
    EXPECT_NE(first.conversation_id, second.conversation_id);
    ASSERT_TRUE(becomes("1", id, "NoStock"));
    // Both answers come too late now, are dropped, and nothing becomes of them.
    reply(id, first.conversation_id);
    reply(id, second.conversation_id);
    ASSERT_TRUE(eventually([&] { return member(ask("GET", "/events/" + id).body, "") == "array of 2"; }));
    EXPECT_EQ(status("1", id), "NoStock");
    EXPECT_EQ(told("orders.orderCreated.v1", id).size(), 2U);
    EXPECT_TRUE(told("orders.orderConfirmed.v1", id).empty());
    EXPECT_TRUE(services_.dead_letters("OrdersService-StockReserved-dev").empty());
}

TEST_F(LiveOrders, AnOrderThatCannotBeConfirmedEndsAsFailed) {
    const std::string id = order("1");
    const std::string conversation = question(id).conversation_id;
    ASSERT_TRUE(eventually([&] { return look_up("SELECT COUNT(*) FROM outbox") == "0"; }));
    meddle("ALTER TABLE outbox RENAME TO outbox_away");
    reply(id, conversation);
    EXPECT_TRUE(becomes("1", id, "Failed"));
    meddle("ALTER TABLE outbox_away RENAME TO outbox");
    EXPECT_EQ(look_up("SELECT outcome FROM workflow_executions"), "succeeded");
    EXPECT_EQ(complete(id, "1").status, 409);
}

TEST_F(LiveOrders, AnOrderThatIsMissingFailsItsWorkflow) {
    const std::string id = order("1");
    const std::string conversation = question(id).conversation_id;
    meddle("DELETE FROM orders");
    reply(id, conversation);
    EXPECT_TRUE(
        eventually([&] { return look_up("SELECT state FROM workflow_executions") == "Order Failed"; }));
    EXPECT_TRUE(told("orders.orderConfirmed.v1", id).empty());
}

TEST(OrdersAfterARestart, GoOnWhereTheyWere) {
    const loadgen::services::test::Folder folder;
    std::string id;
    std::string conversation;
    const auto run = [&folder](const std::function<void(loadgen::services::test::RunningServices&)>& use) {
        loadgen::services::test::RunningServices services(
            folder, {&kOrders}, [](runtime::Settings& settings) { settings.time_scale = 1; });
        use(services);
    };
    run([&](auto& services) {
        services.listen({"orders.orderCreated.v1"});
        id = member(
            services.ask("orders", "POST", "/orders", std::string(kOneProduct), services.token_of("1")).body,
            "orderId");
        ASSERT_TRUE(eventually([&] { return !services.heard().empty(); }));
        conversation = services.heard().front().conversation_id;
    });
    run([&](auto& services) {
        services.publish("inventory.stockReserved.v1",
                         R"({"orderNumber":")" + id + R"(","conversationId":")" + conversation + "\"}");
        EXPECT_TRUE(eventually([&] {
            return member(services.get("orders", "/orders/" + id, services.token_of("1")), "status") ==
                   "Confirmed";
        }));
    });
}

}  // namespace
}  // namespace loadgen::services::orders::test
