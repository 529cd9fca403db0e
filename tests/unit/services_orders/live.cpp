#include "tests/unit/services_orders/live.hpp"

#include <future>

#include "common/text/json_reader.hpp"
#include "services/orders/service.hpp"

namespace loadgen::services::orders::test {
namespace {

using loadgen::services::test::eventually;

std::string text_of(text::JsonValue value) {
    switch (value.kind()) {
        case text::JsonKind::kNull:
            return "null";
        case text::JsonKind::kBool:
            return *value.as_bool() ? "true" : "false";
        case text::JsonKind::kNumber:
            return value.as_int() ? std::to_string(*value.as_int()) : std::to_string(*value.as_double());
        case text::JsonKind::kString:
            return std::string(*value.as_string());
        case text::JsonKind::kArray:
            return "array of " + std::to_string(value.size());
        case text::JsonKind::kObject:
            return "object of " + std::to_string(value.size());
    }
    return {};
}

bool is_index(std::string_view name) {
    return name.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string member(const std::string& json, std::string_view path) {
    text::JsonDocument document;
    const auto root = document.parse(json);
    if (!root) return "(no JSON)";
    std::optional<text::JsonValue> here = *root;
    while (here && !path.empty()) {
        const auto dot = path.find('.');
        const std::string_view name = path.substr(0, dot);
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
        here = is_index(name) ? here->at(std::stoul(std::string(name))) : here->find(name);
    }
    return here ? text_of(*here) : "(none)";
}

std::string field(const fetch::FetchResponse& response, std::string_view name) {
    const http::Header* header = http::find_header(response.headers, name);
    return header == nullptr ? "(none)" : header->value;
}

LiveOrders::LiveOrders(const Change& change)
    : services_(folder_, {&kOrders}, [&change](runtime::Settings& settings) {
          settings.time_scale = 1;
          if (change) change(settings);
      }) {
    services_.listen({"orders.orderCreated.v1", "orders.orderConfirmed.v1", "orders.orderCompleted.v1",
                      "orders.orderCompleted.v2"});
}

std::string LiveOrders::order(const std::string& user, const std::string& product) {
    const auto answer = ask("POST", "/orders", R"({"products":[")" + product + R"("]})", token(user));
    EXPECT_EQ(answer.status, 201) << answer.body;
    return member(answer.body, "orderId");
}

std::string LiveOrders::status(const std::string& user, const std::string& order_id) {
    return member(ask("GET", "/orders/" + order_id, {}, token(user)).body, "status");
}

bool LiveOrders::becomes(const std::string& user, const std::string& order_id, const std::string& wanted) {
    return eventually([&] { return status(user, order_id) == wanted; });
}

fetch::FetchResponse LiveOrders::complete(const std::string& order_id, const std::string& user) {
    return ask("POST", "/orders/" + order_id + "/complete",
               R"({"orderId":")" + order_id + R"(","userId":")" + user + "\"}",
               token("admin", UserType::kAdmin));
}

std::vector<contracts::Event> LiveOrders::told(std::string_view type, const std::string& order_id) const {
    std::vector<contracts::Event> found;
    for (const contracts::Event& event : services_.heard()) {
        const bool about =
            member(event.data, "orderNumber") == order_id || member(event.data, "orderId") == order_id;
        if (about && event.type == type) found.push_back(event);
    }
    return found;
}

contracts::Event LiveOrders::question(const std::string& order_id, std::size_t n) {
    const bool asked = eventually([&] { return told("orders.orderCreated.v1", order_id).size() >= n; });
    EXPECT_TRUE(asked) << "no question " << n << " about " << order_id;
    return asked ? told("orders.orderCreated.v1", order_id)[n - 1] : contracts::Event();
}

void LiveOrders::reply(const std::string& order_id, const std::string& conversation_id, bool reserved) {
    services_.publish(reserved ? "inventory.stockReserved.v1" : "inventory.stockReservationFailed.v1",
                      R"({"orderNumber":")" + order_id + R"(","conversationId":")" + conversation_id + "\"}");
}

std::string LiveOrders::confirmed_order(const std::string& user) {
    const std::string id = order(user);
    reply(id, question(id).conversation_id);
    EXPECT_TRUE(becomes(user, id, "Confirmed"));
    return id;
}

void LiveOrders::meddle(const std::string& sql) {
    auto store = store::open_sqlite_store(
        {.path = folder_.file("orders.db"), .turn_file = folder_.file("orders.db.turn")}, kOrders.migrations);
    ASSERT_TRUE(store.has_value()) << store.error().message;
    std::promise<Result<void>> told;
    (*store)->write([&sql](store::Statements& tables) { return tables.run(sql); },
                    [&told](Result<void> outcome) { told.set_value(std::move(outcome)); });
    const auto done = told.get_future().get();
    ASSERT_TRUE(done.has_value()) << done.error().message;
}

std::string LiveOrders::look_up(const std::string& sql) {
    auto store = store::open_sqlite_store(
        {.path = folder_.file("orders.db"), .turn_file = folder_.file("orders.db.turn")}, kOrders.migrations);
    EXPECT_TRUE(store.has_value());
    auto reader = (*store)->open_reader();
    EXPECT_TRUE(reader.has_value());
    std::string found = "(none)";
    const auto done =
        (*reader)->run(sql, {}, [&found](const store::Row& row) { found = std::string(row.text(0)); });
    EXPECT_TRUE(done.has_value());
    return found;
}

}  // namespace loadgen::services::orders::test
