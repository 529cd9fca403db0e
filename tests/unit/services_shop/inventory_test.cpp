// Reservations and dispatches in their transactions, without a service around them.
#include "services/inventory/events/reservations.hpp"
#include "services/inventory/store/stock_table.hpp"
#include "tests/unit/services_shop/tables.hpp"

namespace loadgen::services::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(StockRules, AvailableIsWhatIsNotPromised) {
    Stock stock{"LATTE", 2, 0, 0};
    EXPECT_EQ(stock.available(), 2);
    stock.reserve();
    stock.reserve();
    EXPECT_EQ(stock.available(), 0);
    EXPECT_FALSE(stock.can_reserve());
    stock.dispatch();
    EXPECT_EQ(stock.level, 1);
    EXPECT_EQ(stock.reserved, 1);
    EXPECT_EQ(stock.available(), 0);
    EXPECT_TRUE((Stock{"LATTE", 0.5, 0, 0}).can_reserve());
}

TEST(InventoryPayloads, AreReadAndWritten) {
    EXPECT_EQ(stock_updated({"LATTE", 3, 1, 6}, {"LATTE", 2, 0, 7}),
              R"({"productId":"LATTE","previousStockLevel":3,"newStockLevel":2,"version":7})");
    EXPECT_EQ(reservation("o-1", "c-1"), R"({"orderNumber":"o-1","conversationId":"c-1"})");
    const auto order = read_created_order(R"({"orderNumber":"o-1","products":["A","B","A"]})");
    ASSERT_TRUE(order.has_value());
    EXPECT_EQ(order->order_number, "o-1");
    EXPECT_THAT(order->products, ElementsAre("A", "B")) << "one piece a product";
    for (const char* bad : {"", "{}", R"({"orderNumber":"o-1"})", R"({"orderNumber":"o-1","products":"A"})",
                            R"({"orderNumber":"o-1","products":[1]})", R"({"products":["A"]})"}) {
        EXPECT_FALSE(read_created_order(bad).has_value()) << bad;
    }
    const auto ids = read_catalogue(R"({"data":[{"productId":"A"},{"productId":"B"}],"message":"OK"})");
    ASSERT_TRUE(ids.has_value());
    EXPECT_THAT(*ids, ElementsAre("A", "B"));
    EXPECT_FALSE(read_catalogue(R"({"data":[{}]})").has_value());
}

class Reservations : public shop_test::TablesTest {
  protected:
    Reservations() : TablesTest(migrations()) {}

    void stock(const std::string& id, double level) {
        EXPECT_TRUE(change([&](store::Statements& tables) {
                        return put_stock(tables, {id, level, 0, 1});
                    }).has_value());
    }
    Result<void> reserve(const std::string& order, const std::vector<std::string>& products,
                         const std::string& conversation = "c") {
        return transact([&](runtime::Transaction& transaction) {
            return reserve_order(transaction, {order, products}, conversation);
        });
    }
    Result<void> dispatch(const std::string& order) {
        return transact(
            [&](runtime::Transaction& transaction) { return dispatch_order(transaction, order); });
    }
    /// "level reserved version".
    std::string shown(const std::string& id) {
        const auto found = find_stock(reader(), id);
        if (!found || !*found) return "none";
        const Stock& stock = **found;
        return std::to_string(static_cast<int>(stock.level)) + ' ' +
               std::to_string(static_cast<int>(stock.reserved)) + ' ' + std::to_string(stock.version);
    }
    static std::string reserved(const std::string& order, const std::string& conversation) {
        return "inventory.stockReserved.v1 " + reservation(order, conversation);
    }
    static std::string failed(const std::string& order, const std::string& conversation) {
        return "inventory.stockReservationFailed.v1 " + reservation(order, conversation);
    }
};

TEST_F(Reservations, TakeOnePieceOfEachProduct) {
    stock("LATTE", 5);
    stock("ESPRESSO", 1);
    EXPECT_TRUE(reserve("o-1", {"LATTE", "ESPRESSO"}, "c-1").has_value());
    EXPECT_EQ(shown("LATTE"), "5 1 2");
    EXPECT_EQ(shown("ESPRESSO"), "1 1 2");
    EXPECT_THAT(told(), ElementsAre(reserved("o-1", "c-1")));
}

TEST_F(Reservations, AskedAgainAreAnsweredAgainAndTakeNothingMore) {
    stock("LATTE", 1);
    EXPECT_TRUE(reserve("o-1", {"LATTE"}, "c-1").has_value());
    EXPECT_TRUE(reserve("o-1", {"LATTE"}, "c-2").has_value());
    EXPECT_EQ(shown("LATTE"), "1 1 2");
    EXPECT_THAT(told(), ElementsAre(reserved("o-1", "c-1"), reserved("o-1", "c-2")));
}

TEST_F(Reservations, TheLastUnitGoesToOneOrder) {
    stock("LATTE", 1);
    EXPECT_TRUE(reserve("o-1", {"LATTE"}).has_value());
    EXPECT_TRUE(reserve("o-2", {"LATTE"}).has_value());
    EXPECT_EQ(shown("LATTE"), "1 1 2");
    EXPECT_THAT(told(), ElementsAre(reserved("o-1", "c"), failed("o-2", "c")));
}

TEST_F(Reservations, AllOrNothing) {
    stock("LATTE", 5);
    stock("ESPRESSO", 0);
    EXPECT_TRUE(reserve("o-1", {"LATTE", "ESPRESSO"}).has_value());
    EXPECT_TRUE(reserve("o-2", {"LATTE", "UNKNOWN"}).has_value());
    EXPECT_TRUE(reserve("o-3", {}).has_value());
    EXPECT_EQ(shown("LATTE"), "5 0 1");
    EXPECT_EQ(shown("ESPRESSO"), "0 0 1");
    EXPECT_THAT(told(), ElementsAre(failed("o-1", "c"), failed("o-2", "c"), failed("o-3", "c")));
}

TEST_F(Reservations, ARefusedOrderMaySucceedWhenAskedAgain) {
    stock("LATTE", 0);
    EXPECT_TRUE(reserve("o-1", {"LATTE"}, "c-1").has_value());
    stock("LATTE", 3);
    EXPECT_TRUE(reserve("o-1", {"LATTE"}, "c-2").has_value());
    EXPECT_EQ(shown("LATTE"), "3 1 2");
    EXPECT_TRUE(dispatch("o-1").has_value());
    EXPECT_EQ(shown("LATTE"), "2 0 3");
}

TEST_F(Reservations, AreDispatchedOnce) {
    stock("LATTE", 2);
    stock("ESPRESSO", 1);
    EXPECT_TRUE(reserve("o-1", {"LATTE", "ESPRESSO"}).has_value());
    EXPECT_TRUE(dispatch("o-1").has_value());
    EXPECT_TRUE(dispatch("o-1").has_value());
    EXPECT_EQ(shown("LATTE"), "1 0 3");
    EXPECT_EQ(shown("ESPRESSO"), "0 0 3");
    EXPECT_THAT(
        told(),
        ElementsAre(
            reserved("o-1", "c"),
            R"(inventory.stockUpdated.v1 {"productId":"LATTE","previousStockLevel":2,"newStockLevel":1,"version":3})",
            R"(inventory.stockUpdated.v1 {"productId":"ESPRESSO","previousStockLevel":1,"newStockLevel":0,"version":3})",
            R"(inventory.outOfStock.v1 {"productId":"ESPRESSO"})"));
}

TEST_F(Reservations, LateQuestionsAboutADispatchedOrderTakeNothing) {
    stock("LATTE", 2);
    EXPECT_TRUE(reserve("o-1", {"LATTE"}, "c-1").has_value());
    EXPECT_TRUE(dispatch("o-1").has_value());
    EXPECT_TRUE(reserve("o-1", {"LATTE"}, "c-2").has_value());
    EXPECT_EQ(shown("LATTE"), "1 0 3");
    EXPECT_EQ(told().back(), reserved("o-1", "c-2"));
}

TEST_F(Reservations, WhatWasNotReservedIsNotDispatched) {
    stock("LATTE", 0);
    EXPECT_FALSE(dispatch("unknown").has_value());
    EXPECT_TRUE(reserve("o-1", {"LATTE"}).has_value());
    EXPECT_FALSE(dispatch("o-1").has_value());
    EXPECT_EQ(shown("LATTE"), "0 0 1");
}

TEST_F(Reservations, WhatIsPromisedToOthersCountsAsOutOfStock) {
    stock("LATTE", 2);
    EXPECT_TRUE(reserve("o-1", {"LATTE"}).has_value());
    EXPECT_TRUE(reserve("o-2", {"LATTE"}).has_value());
    EXPECT_TRUE(dispatch("o-1").has_value());
    EXPECT_EQ(shown("LATTE"), "1 1 4");
    EXPECT_EQ(told().back(), R"(inventory.outOfStock.v1 {"productId":"LATTE"})");
}

TEST_F(Reservations, ANewLevelLeavesPromisesAlone) {
    stock("LATTE", 2);
    EXPECT_TRUE(reserve("o-1", {"LATTE"}).has_value());
    EXPECT_TRUE(transact([](runtime::Transaction& transaction) {
                    return set_level(transaction, "LATTE", 50);
                }).has_value());
    EXPECT_EQ(shown("LATTE"), "50 1 3");
    EXPECT_EQ(
        told().back(),
        R"(inventory.stockUpdated.v1 {"productId":"LATTE","previousStockLevel":2,"newStockLevel":50,"version":3})");
}

TEST_F(Reservations, FirstStockNeverReplacesStock) {
    bool added = true;
    stock("LATTE", 2);
    EXPECT_TRUE(change([&](store::Statements& tables) -> Result<void> {
                    added = insert_stock(tables, {"LATTE", 90, 0, 1}).value_or(true);
                    return {};
                }).has_value());
    EXPECT_FALSE(added);
    EXPECT_EQ(shown("LATTE"), "2 0 1");
    EXPECT_THAT(told(), IsEmpty());
}

}  // namespace
}  // namespace loadgen::services::inventory
