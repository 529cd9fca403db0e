#include <gmock/gmock.h>

#include <future>

#include "services/orders/service.hpp"
#include "tests/unit/services_orders/live.hpp"

namespace loadgen::services::orders::test {
namespace {

using loadgen::services::test::eventually;
using ::testing::MatchesRegex;

constexpr const char* kUuid = "[0-9a-f]+-[0-9a-f]+-4[0-9a-f]+-[89ab][0-9a-f]+-[0-9a-f]+";
constexpr const char* kTime = "20[0-9][0-9]-[0-9]+-[0-9]+T[0-9]+:[0-9]+:[0-9]+\\.[0-9][0-9][0-9]Z";

TEST_F(LiveOrders, TakesAnOrder) {
    const auto answer =
        ask("POST", "/orders", R"({"products":["LATTE","FLAT-WHITE"]})", token("15684379648573481564"));
    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(field(answer, "content-type"), "application/json");
    const std::string id = member(answer.body, "orderId");
    EXPECT_THAT(id, MatchesRegex(kUuid));
    EXPECT_EQ(field(answer, "location"), "/api/orders/" + id);
    EXPECT_EQ(member(answer.body, "userId"), "15684379648573481564");
    EXPECT_EQ(member(answer.body, "products"), "array of 2");
    EXPECT_EQ(member(answer.body, "products.0"), "LATTE");
    EXPECT_EQ(member(answer.body, "products.1"), "FLAT-WHITE");
    EXPECT_THAT(member(answer.body, "orderDate"), MatchesRegex(kTime));
    EXPECT_EQ(member(answer.body, "orderType"), "Standard");
    EXPECT_EQ(member(answer.body, "status"), "Created");
    EXPECT_EQ(member(answer.body, "totalPrice"), "0");
    EXPECT_EQ(member(answer.body, ""), "object of 7");
    EXPECT_EQ(ask("GET", "/orders/" + id, {}, token("15684379648573481564")).body, answer.body);
}

TEST_F(LiveOrders, PremiumUsersHavePriority) {
    for (const auto& [type, wanted] :
         {std::pair{UserType::kPremium, "Priority"}, std::pair{UserType::kStandard, "Standard"},
          std::pair{UserType::kAdmin, "Standard"}}) {
        const auto answer = ask("POST", "/orders", std::string(kOneProduct), token("1", type));
        EXPECT_EQ(member(answer.body, "orderType"), wanted);
    }
}

TEST_F(LiveOrders, AnOrderAndItsWorkflowAreOneTransaction) {
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i) ids.push_back(order("1"));
    EXPECT_EQ(look_up("SELECT COUNT(*) FROM orders JOIN workflow_executions ON"
                      " substr(id, 1, 37) = order_id || '_'"),
              "5");
}

TEST_F(LiveOrders, AnOrderIsItsOwners) {
    const std::string id = order("1");
    EXPECT_EQ(ask("GET", "/orders/" + id, {}, token("1")).status, 200);
    const auto stranger = ask("GET", "/orders/" + id, {}, token("2"));
    const auto unknown = ask("GET", "/orders/00000000-0000-4000-8000-000000000000", {}, token("1"));
    for (const auto& answer : {stranger, unknown}) {
        EXPECT_EQ(answer.status, 404);
        EXPECT_EQ(field(answer, "content-type"), "application/problem+json");
        EXPECT_EQ(member(answer.body, "errorCode"), "NOT_FOUND");
        EXPECT_EQ(member(answer.body, "title"), "Not Found");
        EXPECT_EQ(member(answer.body, "status"), "404");
        EXPECT_EQ(member(answer.body, "detail"), "no such order");
        EXPECT_EQ(member(answer.body, "correlationId"), field(answer, "x-correlation-id"));
    }
}

TEST_F(LiveOrders, CompletesAConfirmedOrder) {
    const std::string id = confirmed_order("1");
    const auto answer = complete(id, "1");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(member(answer.body, "orderId"), id);
    EXPECT_EQ(member(answer.body, "status"), "Completed");
    EXPECT_EQ(status("1", id), "Completed");
    ASSERT_TRUE(eventually([&] { return !told("orders.orderCompleted.v2", id).empty(); }));
    const auto first = told("orders.orderCompleted.v1", id);
    const auto second = told("orders.orderCompleted.v2", id);
    ASSERT_EQ(first.size(), 1U);
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(member(first[0].data, "orderNumber"), id);
    EXPECT_EQ(member(first[0].data, "userId"), "1");
    EXPECT_EQ(first[0].superseded_by, "orders.orderCompleted.v2");
    EXPECT_EQ(first[0].deprecation_date, "2025-12-01");
    EXPECT_EQ(member(second[0].data, "orderId"), id);
    EXPECT_EQ(member(second[0].data, "userId"), "1");
    EXPECT_EQ(second[0].superseded_by, "");
    EXPECT_NE(first[0].id, second[0].id);
    // The deprecated version goes first.
    std::vector<std::string> order_of_types;
    for (const contracts::Event& event : services_.heard()) {
        if (event.type.starts_with("orders.orderCompleted")) order_of_types.push_back(event.type);
    }
    EXPECT_EQ(order_of_types.front(), "orders.orderCompleted.v1");
}

TEST_F(LiveOrders, OfTwoCompletionsOneCounts) {
    const std::string id = confirmed_order("1");
    std::vector<std::future<fetch::FetchResponse>> both;
    for (int i = 0; i < 4; ++i)
        both.push_back(std::async(std::launch::async, [&] { return complete(id, "1"); }));
    std::multiset<int> statuses;
    for (auto& one : both) statuses.insert(one.get().status);
    EXPECT_EQ(statuses, (std::multiset<int>{200, 409, 409, 409}));
    const std::string later = confirmed_order("1");
    ASSERT_EQ(complete(later, "1").status, 200);
    ASSERT_TRUE(eventually([&] { return !told("orders.orderCompleted.v2", later).empty(); }));
    EXPECT_EQ(told("orders.orderCompleted.v1", id).size(), 1U);
    EXPECT_EQ(told("orders.orderCompleted.v2", id).size(), 1U);
}

TEST_F(LiveOrders, OnlyAConfirmedOrderCanBeCompleted) {
    const std::string id = order("1");
    const auto refused = complete(id, "1");
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(member(refused.body, "error"), "INVALID_STATE");
    EXPECT_EQ(member(refused.body, "message"), "only a confirmed order can be completed");
    EXPECT_EQ(member(refused.body, "details"), "null");
    EXPECT_EQ(member(refused.body, "validationErrors"), "null");
    EXPECT_EQ(member(refused.body, "correlationId"), field(refused, "x-correlation-id"));
    reply(id, question(id).conversation_id, false);
    ASSERT_TRUE(becomes("1", id, "NoStock"));
    EXPECT_EQ(complete(id, "1").status, 409);
    const std::string done = confirmed_order("1");
    EXPECT_EQ(complete(done, "1").status, 200);
    EXPECT_EQ(complete(done, "1").status, 409);
}

TEST_F(LiveOrders, CompletionNamesTheOrderAndItsUser) {
    const std::string id = confirmed_order("1");
    EXPECT_EQ(complete(id, "2").status, 404);
    EXPECT_EQ(complete("00000000-0000-4000-8000-000000000000", "1").status, 404);
    EXPECT_EQ(status("1", id), "Confirmed");
}

TEST_F(LiveOrders, HealthSaysHowItIs) {
    for (const char* path : {"/health", "/health/ready", "/health/live"}) {
        const auto answer = ask("GET", path);
        EXPECT_EQ(answer.status, 200) << path;
        EXPECT_EQ(member(answer.body, "status"), "Healthy");
        EXPECT_THAT(member(answer.body, "timestamp"), MatchesRegex(kTime));
        EXPECT_NE(member(answer.body, "duration"), "(none)");
        EXPECT_EQ(member(answer.body, "version"), "1.0.0");
        EXPECT_EQ(member(answer.body, "checks"),
                  std::string_view(path) == "/health/live" ? "array of 0" : "array of 2");
    }
    EXPECT_EQ(member(ask("GET", "/health").body, "checks.0.name"), "store");
}

TEST_F(LiveOrders, EchoesVersionAndCorrelation) {
    const auto plain = ask("GET", "/orders", {}, token("1"));
    EXPECT_EQ(field(plain, "x-api-version"), "1.0");
    EXPECT_THAT(field(plain, "x-correlation-id"), MatchesRegex(kUuid));
    fetch::FetchRequest request{.method = "GET"};
    request.headers = {{"Authorization", "Bearer " + token("1")},
                       {"X-API-Version", "2.1"},
                       {"x-correlation-id", "checkout-7"}};
    const auto named = services_.send("orders", "/orders/" + std::string(101, 'x'), request);
    EXPECT_EQ(named.status, 400);
    EXPECT_EQ(field(named, "x-api-version"), "2.1");
    EXPECT_EQ(field(named, "x-correlation-id"), "checkout-7");
    EXPECT_EQ(member(named.body, "correlationId"), "checkout-7");
}

TEST_F(LiveOrders, TheHarnessSeesWhatWasReceived) {
    const std::string id = confirmed_order("1");
    const auto answer = ask("GET", "/events/" + id);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(member(answer.body, ""), "array of 1");
    EXPECT_EQ(member(answer.body, "0.eventType"), "inventory.stockReserved.v1");
    EXPECT_EQ(ask("GET", "/events/nothing").body, "[]");
}

TEST(OrdersInProduction, HaveNoHarness) {
    const loadgen::services::test::Folder folder;
    loadgen::services::test::RunningServices services(
        folder, {&kOrders}, [](runtime::Settings& settings) { settings.environment = "prod"; });
    EXPECT_EQ(services.ask("orders", "GET", "/events/x").status, 404);
    EXPECT_EQ(services.ask("orders", "GET", "/health").status, 200);
}

}  // namespace
}  // namespace loadgen::services::orders::test
