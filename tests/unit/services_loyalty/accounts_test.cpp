// The rules and tables of loyalty, on a real database.
#include <gtest/gtest.h>

#include <future>

#include "services/loyalty/events/payloads.hpp"
#include "services/loyalty/store/accounts.hpp"
#include "tests/unit/services_loyalty/running_services.hpp"

namespace loadgen::services::loyalty {
namespace {

constexpr std::string_view kUser = "15684379648573481564";

TEST(Points, TheBalanceDecidesWhatMayBeSpent) {
    EXPECT_EQ(balance_after_spending(100, 1), 99);
    EXPECT_EQ(balance_after_spending(100, 100), 0);
    EXPECT_EQ(balance_after_spending(100, 101), std::nullopt);
    EXPECT_EQ(balance_after_spending(0, 1), std::nullopt);
}

TEST(LoyaltyPayloads, ReadWhatEarnsPoints) {
    const auto user = read_new_user(R"({"userId":"7"})");
    ASSERT_TRUE(user.has_value());
    EXPECT_EQ(user->user_id, "7");
    EXPECT_EQ(user->points, 100);
    EXPECT_EQ(user->key, "new-user");
    const auto order = read_completed_order(R"({"orderNumber":"o-1","userId":"7"})");
    ASSERT_TRUE(order.has_value());
    EXPECT_EQ(order->points, 50);
    EXPECT_EQ(order->key, "o-1");
    EXPECT_FALSE(read_new_user("{}").has_value());
    EXPECT_FALSE(read_new_user("x").has_value());
    EXPECT_FALSE(read_completed_order(R"({"orderNumber":"o-1"})").has_value());
    EXPECT_FALSE(read_completed_order(R"({"orderNumber":1,"userId":"7"})").has_value());
}

TEST(LoyaltyPayloads, SayWhatChanged) {
    const PointsChange change{.user_id = "7", .total = 70, .difference = -30};
    EXPECT_EQ(points_added_v1(change), R"({"userId":"7","newPointsTotal":70})");
    EXPECT_EQ(points_added_v2(change), R"({"userId":"7","totalPoints":70,"difference":-30})");
}

class Accounts : public ::testing::Test {
  protected:
    Accounts() {
        store::StoreOptions options;
        options.path = folder_.file("loyalty.db");
        auto opened = store::open_sqlite_store(options, migrations());
        EXPECT_TRUE(opened.has_value()) << opened.error().message;
        if (opened) store_ = std::move(*opened);
    }

    void write(const store::Store::Change& change) {
        std::promise<Result<void>> told;
        store_->write(change, [&told](Result<void> outcome) { told.set_value(std::move(outcome)); });
        const auto outcome = told.get_future().get();
        EXPECT_TRUE(outcome.has_value()) << outcome.error().message;
    }
    Granted grant(const Grant& wanted) {
        Granted granted;
        write([&](store::Statements& tables) -> Result<void> {
            auto done = grant_points(tables, wanted, 1);
            if (!done) return std::move(done).error();
            granted = *done;
            return {};
        });
        return granted;
    }
    std::optional<Account> account() {
        auto reader = store_->open_reader();
        return *find_account(**reader, kUser);
    }
    std::vector<PointsChange> changes() {
        auto reader = store_->open_reader();
        const auto records = store::read_changes(**reader, kPointsConsumer.table, 0, 100);
        std::vector<PointsChange> read;
        for (const store::ChangeRecord& record : *records) read.push_back(*read_points_change(record));
        return read;
    }

    const test::Folder folder_;
    std::unique_ptr<store::Store> store_;
};

TEST_F(Accounts, AReasonCountsOnce) {
    EXPECT_EQ(account(), std::nullopt);
    const Granted first = grant(new_user_grant(std::string(kUser)));
    EXPECT_TRUE(first.counted);
    EXPECT_TRUE(first.new_account);
    const Granted second = grant(new_user_grant(std::string(kUser)));
    EXPECT_FALSE(second.counted);
    EXPECT_FALSE(second.new_account);
    EXPECT_EQ(account()->points, 100);
    EXPECT_EQ(account()->version, 1);
}

TEST_F(Accounts, AnOrderBeforeTheAccountMakesIt) {
    EXPECT_TRUE(grant(completed_order_grant(std::string(kUser), "o-1")).new_account);
    EXPECT_EQ(account()->points, 50);
    EXPECT_FALSE(grant(new_user_grant(std::string(kUser))).new_account);
    EXPECT_EQ(account()->points, 150);
    EXPECT_FALSE(grant(completed_order_grant(std::string(kUser), "o-1")).counted);
    EXPECT_TRUE(grant(completed_order_grant("another", "o-1")).counted);
    EXPECT_EQ(account()->points, 150);
    EXPECT_EQ(account()->version, 2);
}

TEST_F(Accounts, ElevenOrdersAndTheWelcomeAre650) {
    grant(new_user_grant(std::string(kUser)));
    for (int i = 0; i < 11; ++i) grant(completed_order_grant(std::string(kUser), "o-" + std::to_string(i)));
    EXPECT_EQ(account()->points, 650);
}

TEST_F(Accounts, TheStreamHoldsTheTrueDifferences) {
    grant(new_user_grant(std::string(kUser)));
    grant(new_user_grant(std::string(kUser)));
    grant(completed_order_grant(std::string(kUser), "o-1"));
    write([](store::Statements& tables) { return set_points(tables, kUser, 120, 2); });
    const auto all = changes();
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].user_id, kUser);
    EXPECT_EQ(all[0].total, 100);
    EXPECT_EQ(all[0].difference, 100);
    EXPECT_EQ(all[1].total, 150);
    EXPECT_EQ(all[1].difference, 50);
    EXPECT_EQ(all[2].total, 120);
    EXPECT_EQ(all[2].difference, -30);
}

TEST(PointsChanges, TellWhichImageCannotBeRead) {
    store::ChangeRecord record{.sequence = 1,
                               .operation = store::ChangeOperation::kUpdate,
                               .key = "7",
                               .old_image = R"({"user_id":"7"})",
                               .new_image = R"({"user_id":"7","points":5})"};
    const auto without_points = read_points_change(record);
    ASSERT_FALSE(without_points.has_value());
    EXPECT_EQ(without_points.error().message.substr(0, 11), "old image: ");
    record.new_image.reset();
    const auto without_image = read_points_change(record);
    ASSERT_FALSE(without_image.has_value());
    EXPECT_EQ(without_image.error().message.substr(0, 11), "new image: ");
}

}  // namespace
}  // namespace loadgen::services::loyalty
