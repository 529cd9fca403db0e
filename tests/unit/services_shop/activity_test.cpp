// Which events are activities of whom, and their table.
#include "services/activity/store/activities.hpp"
#include "tests/unit/services_shop/tables.hpp"

namespace loadgen::services::activity {
namespace {

constexpr std::int64_t kEver = std::numeric_limits<std::int64_t>::max();

TEST(ActivityRules, NameTheEntitiesOfTenEvents) {
    EXPECT_EQ(activity_rules().size(), 10U);
    const Entity product{EntityType::kProduct, "LATTE"};
    const Entity user{EntityType::kUser, "7"};
    const Entity order{EntityType::kOrder, "o-1"};
    const char* all = R"({"productId":"LATTE","userId":"7","orderNumber":"o-1"})";
    struct Row {
        const char* type;
        std::vector<Entity> entities;
    };
    for (const Row& row : std::vector<Row>{{"product.productCreated.v1", {product}},
                                           {"product.productUpdated.v1", {product}},
                                           {"product.productDeleted.v1", {product}},
                                           {"inventory.stockUpdated.v1", {product}},
                                           {"users.userCreated.v1", {user}},
                                           {"orders.orderCreated.v1", {order, user}},
                                           {"orders.orderConfirmed.v1", {order, user}},
                                           {"orders.orderCompleted.v1", {order, user}},
                                           {"inventory.stockReserved.v1", {order}},
                                           {"inventory.stockReservationFailed.v1", {order}},
                                           {"orders.orderCompleted.v2", {}},
                                           {"", {}}}) {
        const auto entities = entities_of(row.type, all);
        ASSERT_TRUE(entities.has_value()) << row.type;
        EXPECT_EQ(*entities, row.entities) << row.type;
    }
}

TEST(ActivityRules, TheUserOfAnOrderMayBeMissing) {
    for (const char* data : {R"({"orderNumber":"o-1"})", R"({"orderNumber":"o-1","userId":""})",
                             R"({"orderNumber":"o-1","userId":null})"}) {
        const auto entities = entities_of("orders.orderConfirmed.v1", data);
        ASSERT_TRUE(entities.has_value()) << data;
        EXPECT_EQ(*entities, (std::vector<Entity>{{EntityType::kOrder, "o-1"}})) << data;
    }
}

TEST(ActivityRules, TheEntityMayNot) {
    for (const char* data : {"", "[]", "{}", R"({"orderNumber":""})", R"({"orderNumber":null})",
                             R"({"orderNumber":5})", R"({"userId":"7"})"}) {
        EXPECT_FALSE(entities_of("orders.orderCreated.v1", data).has_value()) << data;
    }
}

TEST(EntityTypes, HaveNames) {
    for (const EntityType type : {EntityType::kProduct, EntityType::kUser, EntityType::kOrder}) {
        EXPECT_EQ(entity_type_from_name(entity_type_name(type)), type);
    }
    EXPECT_EQ(entity_type_name(EntityType::kOrder), "order");
    EXPECT_EQ(entity_type_from_name("Order"), std::nullopt);
    EXPECT_EQ(entity_type_from_name(""), std::nullopt);
}

class ActivityTable : public shop_test::TablesTest {
  protected:
    ActivityTable() : TablesTest(migrations()) {}

    void put(const Entity& entity, const std::string& event, std::int64_t time, const std::string& type) {
        EXPECT_TRUE(change([&](store::Statements& tables) {
                        return put_activity(tables, entity, event, {type, time});
                    }).has_value());
    }
    std::string list(const Entity& entity, std::int64_t before = kEver, std::int64_t limit = 1000) {
        std::string text;
        const auto activities = list_activities(reader(), entity, before, limit);
        EXPECT_TRUE(activities.has_value());
        if (!activities) return text;
        for (const Activity& activity : *activities) {
            text += activity.type + '@' + std::to_string(activity.time_ms) + ' ';
        }
        return text;
    }

    const Entity order_{EntityType::kOrder, "o-1"};
};

TEST_F(ActivityTable, KeepsEventsOfOneInstantApart) {
    put(order_, "event-b", 1000, "second");
    put(order_, "event-a", 1000, "first");
    put(order_, "event-0", 2000, "third");
    EXPECT_EQ(list(order_), "first@1000 second@1000 third@2000 ");
    put(order_, "event-a", 1000, "first");
    EXPECT_EQ(list(order_), "first@1000 second@1000 third@2000 ");
}

TEST_F(ActivityTable, KeepsEntitiesApart) {
    put({EntityType::kUser, "7"}, "e", 1, "of a user");
    put({EntityType::kOrder, "7"}, "e", 1, "of an order");
    put({EntityType::kProduct, "7-order"}, "e", 1, "of a product");
    EXPECT_EQ(list({EntityType::kUser, "7"}), "of a user@1 ");
    EXPECT_EQ(list({EntityType::kOrder, "7"}), "of an order@1 ");
    EXPECT_EQ(list({EntityType::kProduct, "7"}), "");
}

TEST_F(ActivityTable, GivesTheLastOnesBeforeATime) {
    for (std::int64_t time = 1; time <= 5; ++time) put(order_, "e" + std::to_string(time), time, "a");
    EXPECT_EQ(list(order_, kEver, 2), "a@4 a@5 ");
    EXPECT_EQ(list(order_, 4, 2), "a@2 a@3 ");
    EXPECT_EQ(list(order_, 2, 2), "a@1 ");
    EXPECT_EQ(list(order_, 1, 2), "");
}

}  // namespace
}  // namespace loadgen::services::activity
