#include <gtest/gtest.h>

#include "services/orders/store/orders.hpp"
#include "tests/unit/services_store/scratch.hpp"

namespace loadgen::services::orders {
namespace {

class OrderTable : public ::testing::Test {
  protected:
    OrderTable() {
        auto opened = store::open_sqlite_store(store::test::options_at(folder_.database()), migrations());
        EXPECT_TRUE(opened.has_value());
        store_ = std::move(*opened);
        reader_ = std::move(*store_->open_reader());
    }
    void change(store::Store::Change change) {
        ASSERT_TRUE(store::test::write(*store_, std::move(change)).get().has_value());
    }
    void put(const std::string& id, std::int64_t created_ms, const std::string& user = "ann") {
        change([&](store::Statements& tables) {
            return insert_order(tables, {.id = id,
                                         .user_id = user,
                                         .products = {"LATTE", "FLAT-WHITE"},
                                         .created_ms = created_ms,
                                         .type = OrderType::kPriority,
                                         .status = OrderStatus::kCreated});
        });
    }
    bool move(const std::string& id, OrderStatus from, OrderStatus to) {
        bool moved = false;
        change([&](store::Statements& tables) -> Result<void> {
            auto done = change_status(tables, id, from, to);
            if (!done) return std::move(done).error();
            moved = *done;
            return {};
        });
        return moved;
    }
    static std::string ids(const Result<std::vector<Order>>& orders) {
        std::string all;
        for (const Order& order : orders.value()) all += order.id + ' ';
        return all;
    }

    store::test::ScratchFolder folder_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<store::Statements> reader_;
};

TEST_F(OrderTable, KeepsWhatItWasGiven) {
    put("a", 1'700'000'000'123);
    const auto found = find_order(*reader_, "a");
    ASSERT_TRUE(found.has_value() && found->has_value());
    const Order& order = **found;
    EXPECT_EQ(order.user_id, "ann");
    EXPECT_EQ(order.products, (std::vector<std::string>{"LATTE", "FLAT-WHITE"}));
    EXPECT_EQ(order.created_ms, 1'700'000'000'123);
    EXPECT_EQ(order.type, OrderType::kPriority);
    EXPECT_EQ(order.status, OrderStatus::kCreated);
    EXPECT_FALSE(find_order(*reader_, "b").value().has_value());
}

TEST_F(OrderTable, StatusChangesOnlyFromTheOneNamed) {
    put("a", 1);
    EXPECT_FALSE(move("a", OrderStatus::kConfirmed, OrderStatus::kCompleted));
    EXPECT_TRUE(move("a", OrderStatus::kCreated, OrderStatus::kConfirmed));
    EXPECT_FALSE(move("a", OrderStatus::kCreated, OrderStatus::kNoStock));
    EXPECT_TRUE(move("a", OrderStatus::kConfirmed, OrderStatus::kCompleted));
    EXPECT_FALSE(move("a", OrderStatus::kConfirmed, OrderStatus::kCompleted));
    EXPECT_FALSE(move("nobody", OrderStatus::kCreated, OrderStatus::kConfirmed));
    EXPECT_EQ(find_order(*reader_, "a").value()->status, OrderStatus::kCompleted);
}

TEST_F(OrderTable, ListsNewestFirstAndGoesOnBehindAKey) {
    put("old", 1);
    put("tie-a", 2);
    put("tie-b", 2);
    put("new", 3);
    put("other", 3, "bob");
    EXPECT_EQ(ids(list_of_user(*reader_, "ann", {}, 10)), "new tie-b tie-a old ");
    EXPECT_EQ(ids(list_of_user(*reader_, "ann", {}, 2)), "new tie-b ");
    EXPECT_EQ(ids(list_of_user(*reader_, "ann", PageKey{2, "tie-b"}, 10)), "tie-a old ");
    EXPECT_EQ(ids(list_of_user(*reader_, "ann", PageKey{1, "old"}, 10)), "");
    EXPECT_EQ(ids(list_of_user(*reader_, "bob", {}, 10)), "other ");
    EXPECT_EQ(ids(list_of_user(*reader_, "eve", {}, 10)), "");
}

TEST_F(OrderTable, ListsTheConfirmedOfAllUsersWhileTheyAre) {
    put("a", 1);
    put("b", 2, "bob");
    put("c", 3);
    EXPECT_EQ(ids(list_confirmed(*reader_, {}, 10)), "");
    move("a", OrderStatus::kCreated, OrderStatus::kConfirmed);
    move("b", OrderStatus::kCreated, OrderStatus::kConfirmed);
    EXPECT_EQ(ids(list_confirmed(*reader_, {}, 10)), "b a ");
    EXPECT_EQ(ids(list_confirmed(*reader_, PageKey{2, "b"}, 10)), "a ");
    move("b", OrderStatus::kConfirmed, OrderStatus::kCompleted);
    EXPECT_EQ(ids(list_confirmed(*reader_, {}, 10)), "a ");
}

TEST_F(OrderTable, ListsAreReadFromTheirIndexes) {
    for (const char* query :
         {"SELECT order_id FROM orders WHERE user_id = 'x' AND (created_ms, order_id) < (1, '')"
          " ORDER BY created_ms DESC, order_id DESC LIMIT 3",
          "SELECT order_id FROM orders WHERE status = 1 AND (created_ms, order_id) < (1, '')"
          " ORDER BY created_ms DESC, order_id DESC LIMIT 3"}) {
        std::string plan;
        ASSERT_TRUE(reader_->run(std::string("EXPLAIN QUERY PLAN ") + query, {},
                                 [&plan](const store::Row& row) { plan += row.text(3); }));
        EXPECT_EQ(plan.find("SCAN"), std::string::npos) << plan;
        EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
    }
}

TEST_F(OrderTable, ReceivedEventsAreKeptOnce) {
    for (int i = 0; i < 2; ++i) {
        change([](store::Statements& tables) {
            return put_received(tables, "a", {"e1", "inventory.stockReserved.v1", 5});
        });
    }
    change([](store::Statements& tables) {
        return put_received(tables, "a", {"e0", "inventory.stockReservationFailed.v1", 7});
    });
    const auto events = list_received(*reader_, "a");
    ASSERT_EQ(events.value().size(), 2U);
    EXPECT_EQ(events->at(0).id, "e1");
    EXPECT_EQ(events->at(1).type, "inventory.stockReservationFailed.v1");
    EXPECT_TRUE(list_received(*reader_, "b").value().empty());
}

}  // namespace
}  // namespace loadgen::services::orders
