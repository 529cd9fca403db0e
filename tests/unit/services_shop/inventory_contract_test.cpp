// The routes of the inventory against a running service.
#include "services/inventory/service.hpp"
#include "tests/unit/services_shop/shop_test.hpp"

namespace loadgen::services::inventory {
namespace {

using shop_test::Answer;
using shop_test::field;

class Inventory : public shop_test::ShopTest {
  protected:
    Inventory() : ShopTest(kInventory, shop_test::kInventoryShape) {}

    Answer set_stock(const std::string& id, const std::string& level) {
        return send("POST", "/inventory", R"({"productId":")" + id + R"(","stockLevel":)" + level + '}',
                    admin());
    }
    static std::string stock(const std::string& id, const std::string& available,
                             const std::string& reserved) {
        return R"({"data":{"productId":")" + id + R"(","currentStockLevel":)" + available +
               R"(,"reservedStockLevel":)" + reserved + R"(},"message":["OK"],"success":true})";
    }
    bool shows(const std::string& id, const std::string& body) {
        return test::eventually([&] { return get("/inventory/" + id).body == body; });
    }
};

TEST_F(Inventory, SaysThatItIsHealthy) {
    const Answer health = get("/health");
    EXPECT_EQ(health.status, 200);
    EXPECT_EQ(health.body, "Healthy!");
    EXPECT_EQ(field(health, "content-type"), "text/plain");
}

TEST_F(Inventory, WhatIsNotThereIsNotFound) {
    const Answer missing = get("/inventory/NOTHING");
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(missing.body,
              R"({"data":"Not found","message":["no stock of the product NOTHING"],"success":false})");
}

TEST_F(Inventory, AnAdministratorSetsTheLevel) {
    const Answer put = set_stock("LATTE", "10");
    EXPECT_EQ(put.status, 200);
    EXPECT_EQ(put.body, stock("LATTE", "10", "0"));
    EXPECT_EQ(get("/inventory/LATTE").body, put.body);
    EXPECT_EQ(set_stock("LATTE", "2.5").body, stock("LATTE", "2.5", "0"));
}

TEST_F(Inventory, EveryUpdateIsTold) {
    services_.listen({"inventory.stockUpdated.v1"});
    set_stock("LATTE", "10");
    set_stock("LATTE", "10");
    ASSERT_TRUE(test::eventually([this] { return services_.heard().size() >= 2; }));
    const auto heard = services_.heard();
    EXPECT_EQ(heard[0].data,
              R"({"productId":"LATTE","previousStockLevel":0,"newStockLevel":10,"version":1})");
    EXPECT_EQ(heard[1].data,
              R"({"productId":"LATTE","previousStockLevel":10,"newStockLevel":10,"version":2})");
}

TEST_F(Inventory, WritingIsForAdministrators) {
    const std::string body = R"({"productId":"LATTE","stockLevel":10})";
    expect_needs_token("POST", "/inventory", body);
    expect_needs_admin("POST", "/inventory", body);
    EXPECT_EQ(get("/inventory/LATTE").status, 404);
}

TEST_F(Inventory, UpdatesHaveRules) {
    expect_reads_json("POST", "/inventory", admin());
    expect_invalid("POST", "/inventory", admin(),
                   {"{}", R"({"productId":"LATTE"})", R"({"stockLevel":1})",
                    R"({"productId":"LATTE","stockLevel":0})", R"({"productId":"LATTE","stockLevel":-1})",
                    R"({"productId":"LATTE","stockLevel":"1"})", R"({"productId":"LATTE","stockLevel":null})",
                    R"({"productId":"ABC","stockLevel":1})", R"({"productId":"","stockLevel":1})",
                    R"({"productId":7,"stockLevel":1})", R"({"productId":"LATTE","stockLevel":1e999})"});
    const Answer both = send("POST", "/inventory", R"({"productId":"ABC","stockLevel":0})", admin());
    EXPECT_EQ(both.status, 400);
    EXPECT_EQ(both.body, R"({"data":null,"message":["productId must have 4 to 1000 characters",)"
                         R"("stockLevel must be a number above 0"],"success":false})");
}

TEST_F(Inventory, ANewProductGetsItsFirstStockOnce) {
    services_.listen({"inventory.stockUpdated.v1"});
    services_.publish("product.productCreated.v1", R"({"productId":"LATTE"})");
    ASSERT_TRUE(test::eventually([this] { return services_.heard().size() == 1; }));
    const std::string first = get("/inventory/LATTE").body;
    EXPECT_THAT(first, ::testing::MatchesRegex(
                           R"(\{"data":\{"productId":"LATTE","currentStockLevel":([5-8][0-9]|9[0-8]),)"
                           R"("reservedStockLevel":0\},"message":\["OK"\],"success":true\})"));
    EXPECT_THAT(services_.heard()[0].data,
                ::testing::HasSubstr(R"("previousStockLevel":0,"newStockLevel":)"));
    // Deleted and created again: what is in the house stays, and the catalogue is told of it.
    services_.publish("product.productCreated.v1", R"({"productId":"LATTE"})");
    ASSERT_TRUE(test::eventually([this] { return services_.heard().size() == 2; }));
    EXPECT_EQ(get("/inventory/LATTE").body, first);
}

TEST_F(Inventory, OrdersAreReservedAndDispatched) {
    services_.listen(
        {"inventory.stockReserved.v1", "inventory.stockReservationFailed.v1", "inventory.outOfStock.v1"});
    set_stock("LATTE", "2");
    set_stock("ESPRESSO", "1");
    services_.publish("orders.orderCreated.v1", R"({"orderNumber":"o-1","products":["LATTE","ESPRESSO"]})");
    ASSERT_TRUE(shows("LATTE", stock("LATTE", "1", "1")));
    EXPECT_EQ(get("/inventory/ESPRESSO").body, stock("ESPRESSO", "0", "1"));
    services_.publish("orders.orderCreated.v1", R"({"orderNumber":"o-2","products":["LATTE","ESPRESSO"]})");
    ASSERT_TRUE(test::eventually([this] { return services_.heard().size() == 2; }));
    EXPECT_EQ(services_.heard()[1].type, "inventory.stockReservationFailed.v1");
    EXPECT_EQ(get("/inventory/LATTE").body, stock("LATTE", "1", "1"));
    services_.publish("orders.orderCompleted.v1", R"({"orderNumber":"o-1","userId":"7"})");
    services_.publish("orders.orderCompleted.v1", R"({"orderNumber":"o-1","userId":"7"})");
    ASSERT_TRUE(shows("ESPRESSO", stock("ESPRESSO", "0", "0")));
    EXPECT_EQ(get("/inventory/LATTE").body, stock("LATTE", "1", "0"));
    services_.publish("orders.orderCompleted.v1", R"({"orderNumber":"never-seen","userId":"7"})");
    EXPECT_TRUE(test::eventually(
        [this] { return services_.dead_letters("InventoryOrderCompletedEventQueue-dev").size() == 1; }));
    EXPECT_EQ(get("/inventory/LATTE").body, stock("LATTE", "1", "0"));
    ASSERT_EQ(services_.heard().size(), 3U);
    EXPECT_EQ(services_.heard()[2].data, R"({"productId":"ESPRESSO"})");
}

}  // namespace
}  // namespace loadgen::services::inventory
