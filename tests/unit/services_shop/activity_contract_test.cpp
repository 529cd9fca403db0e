// The route of activity against a running service.
#include "services/activity/service.hpp"
#include "tests/unit/services_shop/shop_test.hpp"

namespace loadgen::services::activity {
namespace {

using shop_test::Answer;
using shop_test::field;
using ::testing::MatchesRegex;

class Activities : public shop_test::ShopTest {
  protected:
    explicit Activities(const Change& change = nullptr)
        : ShopTest(kActivity, shop_test::kActivityShape, change) {}

    /// The types of the activities, in order.
    std::vector<std::string> types(const std::string& path) {
        std::vector<std::string> all;
        const std::string body = get("/api/activity/" + path).body;
        constexpr std::string_view kMark = R"("type":")";
        for (auto at = body.find(kMark); at != std::string::npos; at = body.find(kMark, at + 1)) {
            const auto start = at + kMark.size();
            all.push_back(body.substr(start, body.find('"', start) - start));
        }
        return all;
    }
    bool grows_to(const std::string& path, std::size_t size) {
        return test::eventually([&] { return types(path).size() == size; });
    }
};

TEST_F(Activities, OfAnEntityThatNothingHappenedTo) {
    for (const char* type : {"product", "user", "order"}) {
        const Answer none = get("/api/activity/" + std::string(type) + "/a-b%2Fc");
        EXPECT_EQ(none.status, 200);
        EXPECT_EQ(none.body,
                  R"({"entity_id":"a-b/c","entity_type":")" + std::string(type) + R"(","activities":[]})");
        EXPECT_EQ(field(none, "content-type"), "application/json");
    }
}

TEST_F(Activities, OfOtherThingsAreNotKept) {
    for (const char* type : {"products", "Product", "invoice", "%20"}) {
        expect_failure(400, get("/api/activity/" + std::string(type) + "/7"), type);
    }
    expect_failure(404, get("/api/activity/user/"), "no id");
    expect_failure(404, get("/api/activity/user"), "no id");
    for (const char* query :
         {"limit=0", "limit=1001", "limit=x", "limit=1&limit=2", "before=-1", "before=now", "before=%zz"}) {
        expect_failure(400, get("/api/activity/user/7?" + std::string(query)), query);
    }
}

TEST_F(Activities, EveryPublicFactIsAnActivityOfItsEntities) {
    const std::string order = R"({"orderNumber":"o-1","userId":"7","conversationId":"c"})";
    services_.publish("users.userCreated.v1", R"({"userId":"7"})");
    for (const char* type : {"product.productCreated.v1", "product.productUpdated.v1",
                             "product.productDeleted.v1", "inventory.stockUpdated.v1"}) {
        services_.publish(type, R"({"productId":"LATTE"})");
    }
    for (const char* type : {"orders.orderCreated.v1", "orders.orderConfirmed.v1", "orders.orderCompleted.v1",
                             "inventory.stockReserved.v1", "inventory.stockReservationFailed.v1"}) {
        services_.publish(type, order);
    }
    services_.publish("orders.orderConfirmed.v1", R"({"orderNumber":"o-2","userId":""})");
    ASSERT_TRUE(grows_to("order/o-2", 1));
    ASSERT_TRUE(grows_to("order/o-1", 5));
    EXPECT_THAT(types("order/o-1"),
                ::testing::UnorderedElementsAre("orders.orderCreated.v1", "orders.orderConfirmed.v1",
                                                "orders.orderCompleted.v1", "inventory.stockReserved.v1",
                                                "inventory.stockReservationFailed.v1"));
    EXPECT_THAT(types("user/7"),
                ::testing::UnorderedElementsAre("users.userCreated.v1", "orders.orderCreated.v1",
                                                "orders.orderConfirmed.v1", "orders.orderCompleted.v1"));
    EXPECT_THAT(types("product/LATTE"),
                ::testing::UnorderedElementsAre("product.productCreated.v1", "product.productUpdated.v1",
                                                "product.productDeleted.v1", "inventory.stockUpdated.v1"));
    EXPECT_THAT(get("/api/activity/order/o-2").body,
                MatchesRegex(R"(\{"entity_id":"o-2","entity_type":"order","activities":)"
                             R"(\[\{"type":"orders.orderConfirmed.v1","activity_time":[0-9]{13}\}\]\})"));
}

TEST_F(Activities, TheSameEventIsNotedOnce) {
    services_.publish("users.userCreated.v1", R"({"userId":"7"})", "event-1");
    services_.publish("users.userCreated.v1", R"({"userId":"7"})", "event-1");
    services_.publish("users.userCreated.v1", R"({"userId":"8"})", "event-2");
    ASSERT_TRUE(grows_to("user/8", 1));
    EXPECT_EQ(types("user/7").size(), 1U);
}

TEST_F(Activities, TheLatestAreGivenFirstWhereAskedForFew) {
    for (int order = 0; order < 3; ++order) {
        services_.publish("orders.orderCreated.v1",
                          R"({"orderNumber":"o-)" + std::to_string(order) + R"(","userId":"7"})");
    }
    ASSERT_TRUE(grows_to("user/7", 3));
    EXPECT_EQ(types("user/7?limit=2").size(), 2U);
    EXPECT_EQ(types("user/7?before=1").size(), 0U);
    EXPECT_EQ(types("user/7?before=99999999999999&limit=1000").size(), 3U);
}

TEST_F(Activities, AFactWithoutItsEntityBecomesADeadLetter) {
    services_.publish("users.userCreated.v1", R"({"userId":""})");
    services_.publish("orders.orderCreated.v1", R"({"userId":"7"})");
    EXPECT_TRUE(test::eventually([this] { return services_.dead_letters("ActivityQueue-dev").size() == 2; }));
    EXPECT_EQ(types("user/7").size(), 0U);
}

class LimitedActivities : public Activities {
  protected:
    LimitedActivities() : Activities([](runtime::Settings& settings) { settings.rate_limits = true; }) {}
};

TEST_F(LimitedActivities, TenAtOnceAreAnsweredAndNoMore) {
    for (int i = 0; i < 10; ++i) EXPECT_EQ(get("/api/activity/user/7").status, 200) << i;
    const Answer refused = get("/api/activity/user/7");
    expect_failure(429, refused, "the eleventh");
    EXPECT_EQ(field(refused, "retry-after"), "5");
    EXPECT_EQ(get("/health/live").status, 200);
}

}  // namespace
}  // namespace loadgen::services::activity
