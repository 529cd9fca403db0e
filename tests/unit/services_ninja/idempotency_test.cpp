// The tables of the twins, and which answers are given again.
#include <gtest/gtest.h>

#include "services/ninja/orders/store/orders.hpp"
#include "services/ninja/shared/store/idempotency.hpp"
#include "services/ninja/users/store/users.hpp"
#include "services/platform/answers.hpp"
#include "tests/unit/services_ninja/support.hpp"

namespace loadgen::services::ninja {
namespace {

TEST(OrdersTable, KeepsShowsAndErases) {
    test::Tables tables(orders::migrations());
    const orders::Order order{.id = "a", .customer_name = "Ran", .item_count = 7};
    ASSERT_TRUE(
        tables.write([&](store::Statements& t) { return orders::insert_order(t, order); }).has_value());
    const auto found = orders::find_order(tables.reader(), "a");
    ASSERT_TRUE(found.has_value() && found->has_value());
    EXPECT_EQ((*found)->customer_name, "Ran");
    EXPECT_EQ((*found)->item_count, 7);
    for (int twice = 0; twice < 2; ++twice) {
        ASSERT_TRUE(
            tables.write([&](store::Statements& t) { return orders::erase_order(t, "a"); }).has_value());
        const auto gone = orders::find_order(tables.reader(), "a");
        ASSERT_TRUE(gone.has_value());
        EXPECT_FALSE(gone->has_value());
    }
}

TEST(UsersTable, KeepsShowsAndErases) {
    test::Tables tables(users::migrations());
    const users::User user{.id = "a", .name = "Ran", .email = "ran@example.com"};
    ASSERT_TRUE(tables.write([&](store::Statements& t) { return users::insert_user(t, user); }).has_value());
    const auto found = users::find_user(tables.reader(), "a");
    ASSERT_TRUE(found.has_value() && found->has_value());
    EXPECT_EQ((*found)->name, "Ran");
    EXPECT_EQ((*found)->email, "ran@example.com");
    ASSERT_TRUE(tables.write([&](store::Statements& t) { return users::erase_user(t, "a"); }).has_value());
    EXPECT_FALSE(users::find_user(tables.reader(), "a")->has_value());
}

class Idempotency : public ::testing::Test {
  protected:
    /// The body of the answer, or "refused 422", or "error".
    std::string ask(const std::optional<IdempotentRequest>& request, const std::string& fresh,
                    int status = 200) {
        std::string told = "error";
        auto done = tables_.transact(clock_, [&](runtime::Transaction& transaction) -> Result<void> {
            auto answer = once(transaction, request, [&]() -> Result<http::Response> {
                ++created_;
                if (status == 0) return Error{ErrorCode::kIo, "disk"};
                return platform::json_answer(status, fresh);
            });
            if (transaction.refusal()) told = "refused " + std::to_string(transaction.refusal()->status);
            if (!answer) return std::move(answer).error();
            told = answer->body;
            return {};
        });
        return told;
    }
    static IdempotentRequest request(const char* key, const char* text) {
        return {.key = key, .request = text};
    }

    test::Tables tables_{orders::migrations()};
    test::ManualClock clock_;
    int created_ = 0;
};

TEST_F(Idempotency, WithoutAKeyEveryRequestIsNew) {
    EXPECT_EQ(ask(std::nullopt, "1"), "1");
    EXPECT_EQ(ask(std::nullopt, "2"), "2");
    EXPECT_EQ(tables_.count("idempotency"), 0);
}

TEST_F(Idempotency, TheSameKeyAndRequestGetTheFirstAnswer) {
    EXPECT_EQ(ask(request("k", "5 Ran"), "first"), "first");
    EXPECT_EQ(ask(request("k", "5 Ran"), "second"), "first");
    EXPECT_EQ(ask(request("l", "5 Ran"), "third"), "third") << "another key";
    EXPECT_EQ(created_, 2);
}

TEST_F(Idempotency, TheSameKeyWithAnotherRequestIsRefused) {
    EXPECT_EQ(ask(request("k", "5 Ran"), "first"), "first");
    EXPECT_EQ(ask(request("k", "6 Ran"), "second"), "refused 422");
    EXPECT_EQ(ask(request("k", "5 Ran"), "third"), "first") << "a refusal changes nothing";
    EXPECT_EQ(created_, 1);
}

TEST_F(Idempotency, ForFiveMinutes) {
    EXPECT_EQ(ask(request("k", "a"), "first"), "first");
    clock_.advance(std::chrono::minutes(5) - std::chrono::milliseconds(1));
    EXPECT_EQ(ask(request("k", "a"), "second"), "first");
    clock_.advance(std::chrono::milliseconds(1));
    EXPECT_EQ(ask(request("k", "b"), "third"), "third") << "swept or not";
    EXPECT_EQ(ask(request("k", "b"), "fourth"), "third");
}

TEST_F(Idempotency, FailuresAreNotKept) {
    EXPECT_EQ(ask(request("k", "a"), "", 0), "error");
    EXPECT_EQ(ask(request("k", "a"), "{}", 500), "{}");
    EXPECT_EQ(ask(request("k", "a"), "{}", 400), "{}");
    EXPECT_EQ(tables_.count("idempotency"), 0);
    EXPECT_EQ(ask(request("k", "a"), "first"), "first");
}

TEST_F(Idempotency, WhatHasExpiredIsSwept) {
    EXPECT_EQ(ask(request("k", "a"), "first"), "first");
    clock_.advance(std::chrono::minutes(1));
    EXPECT_EQ(ask(request("l", "a"), "first"), "first");
    clock_.advance(std::chrono::minutes(4));
    ASSERT_TRUE(tables_.write(store::expire(idempotency_table(), clock_.wall_ms(), 100)).has_value());
    EXPECT_EQ(tables_.count("idempotency"), 1);
    EXPECT_EQ(ask(request("l", "a"), "second"), "first");
}

}  // namespace
}  // namespace loadgen::services::ninja
