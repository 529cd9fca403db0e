#include <gtest/gtest.h>

#include "common/base/encoding.hpp"
#include "services/orders/domain/order.hpp"
#include "services/orders/domain/page_token.hpp"
#include "services/orders/events/payloads.hpp"

namespace loadgen::services::orders {
namespace {

TEST(Order, NamesAreTheContracts) {
    EXPECT_EQ(status_name(OrderStatus::kCreated), "Created");
    EXPECT_EQ(status_name(OrderStatus::kConfirmed), "Confirmed");
    EXPECT_EQ(status_name(OrderStatus::kCompleted), "Completed");
    EXPECT_EQ(status_name(OrderStatus::kNoStock), "NoStock");
    EXPECT_EQ(status_name(OrderStatus::kFailed), "Failed");
    EXPECT_EQ(type_name(OrderType::kStandard), "Standard");
    EXPECT_EQ(type_name(OrderType::kPriority), "Priority");
}

TEST(Order, TakesOneToFiftyDifferentProducts) {
    EXPECT_FALSE(check_products({"LATTE"}));
    EXPECT_FALSE(check_products({"a", "A", "1", "-", "_", std::string(50, 'x')}));
    std::vector<std::string> fifty;
    for (int i = 0; i < 50; ++i) fifty.push_back("P" + std::to_string(i));
    EXPECT_FALSE(check_products(fifty));
    fifty.emplace_back("ONE-MORE");
    EXPECT_TRUE(check_products(fifty));
    EXPECT_TRUE(check_products({}));
    EXPECT_EQ(check_products({"LATTE", "ESPRESSO", "LATTE"}), "must not name a product twice");
}

TEST(Order, ProductIdsAreLettersDigitsDashesAndUnderscores) {
    for (const std::string& bad : {std::string(), std::string(51, 'x'), std::string("FLAT WHITE"),
                                   std::string("A/B"), std::string("A.B"), std::string("A@B"),
                                   std::string("CAF\xc3\x89"), std::string("A\0", 2), std::string("A\n")}) {
        EXPECT_TRUE(check_products({"GOOD", bad})) << bad;
    }
}

TEST(Order, IdsHaveTheirAlphabets) {
    EXPECT_TRUE(is_order_id("5e0a-_Z"));
    EXPECT_TRUE(is_order_id(std::string(100, 'x')));
    for (const std::string& bad :
         {std::string(), std::string(101, 'x'), std::string("a.b"), std::string("a@b"), std::string("a b")})
        EXPECT_FALSE(is_order_id(bad)) << bad;
    EXPECT_TRUE(is_user_id("15684379648573481564"));
    EXPECT_TRUE(is_user_id("TEST@TEST.COM"));
    EXPECT_TRUE(is_user_id(std::string(100, 'x')));
    for (const std::string& bad :
         {std::string(), std::string(101, 'x'), std::string("a+b"), std::string("a b")})
        EXPECT_FALSE(is_user_id(bad)) << bad;
}

TEST(PageToken, BringsItsKeyBack) {
    for (const PageKey& key :
         {PageKey{0, ""}, PageKey{1'700'000'000'123, "5e0a8e4c-2d0b-4c5f-9a57-0e6c6f1f4b52"},
          PageKey{-1, "\"\\"}}) {
        EXPECT_EQ(read_page_token(write_page_token(key)), key);
    }
}

TEST(PageToken, RefusesWhatWeDidNotWrite) {
    for (const std::string& bad :
         {std::string(), std::string("x"), std::string("!!!!"), to_base64("null"), to_base64("{}"),
          to_base64(R"({"created":1})"), to_base64(R"({"id":"x"})"), to_base64(R"({"created":"1","id":"x"})"),
          to_base64(R"({"created":1,"id":2})"), to_base64(R"({"created":1e99,"id":"x"})"),
          to_base64(R"({"created":1,"id":"x"} )") + "=", to_base64(R"([[[[1]]]])"),
          to_base64(R"({"created":1,"id":")" + std::string(1000, 'x') + "\"}")}) {
        EXPECT_FALSE(read_page_token(bad)) << bad;
    }
}

TEST(Payloads, AreTheCatalogues) {
    Order order;
    order.id = "o-1";
    order.user_id = "42";
    order.products = {"LATTE", "ESPRESSO"};
    EXPECT_EQ(order_created(order), R"({"orderNumber":"o-1","products":["LATTE","ESPRESSO"],"userId":"42"})");
    EXPECT_EQ(order_numbered("o-1", "42"), R"({"orderNumber":"o-1","userId":"42"})");
    EXPECT_EQ(order_completed_v2("o-1", "42"), R"({"orderId":"o-1","userId":"42"})");
}

TEST(Payloads, AReplyNamesOrderAndConversation) {
    const auto reply = read_stock_reply(R"({"orderNumber":"o-1","conversationId":"c","more":[]})");
    ASSERT_TRUE(reply.has_value());
    EXPECT_EQ(reply->order_id, "o-1");
    EXPECT_EQ(reply->conversation_id, "c");
    for (const char* bad : {"{}", R"({"orderNumber":"o-1"})", R"({"conversationId":"c"})",
                            R"({"orderNumber":1,"conversationId":"c"})",
                            R"({"orderNumber":"","conversationId":"c"})", "null", "[", ""})
        EXPECT_FALSE(read_stock_reply(bad).has_value()) << bad;
}

}  // namespace
}  // namespace loadgen::services::orders
