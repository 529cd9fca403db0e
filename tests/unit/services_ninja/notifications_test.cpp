// The table of notifications: leases, retries, what is kept.
#include <gtest/gtest.h>

#include "services/ninja/notification/store/notifications.hpp"
#include "tests/unit/services_ninja/support.hpp"

namespace loadgen::services::ninja::notification {
namespace {

class Notifications : public ::testing::Test {
  protected:
    void add(const std::string& id, std::int64_t now_ms) {
        ASSERT_TRUE(tables_
                        .write([&](store::Statements& t) {
                            return add_notification(
                                t, {.id = id, .order_id = "o", .subject = "s", .message = "m"}, now_ms);
                        })
                        .has_value());
    }
    /// "id:attempt ..." of what was leased.
    std::string lease(std::int64_t now_ms) {
        std::string taken;
        EXPECT_TRUE(tables_
                        .write([&](store::Statements& t) -> Result<void> {
                            auto attempts = lease_due(t, now_ms, 10);
                            if (!attempts) return std::move(attempts).error();
                            for (const Attempt& attempt : *attempts)
                                taken += attempt.notification.id + ':' + std::to_string(attempt.number) + ' ';
                            return {};
                        })
                        .has_value());
        return taken;
    }
    void ended(const Ended& how, std::int64_t now_ms) {
        ASSERT_TRUE(
            tables_.write([&](store::Statements& t) { return write_ended(t, {how}, now_ms); }).has_value());
    }
    Progress progress() {
        auto all = list_of_order(tables_.reader(), "o");
        EXPECT_TRUE(all.has_value() && all->size() == 1);
        return all->front();
    }

    test::Tables tables_{migrations()};
};

TEST_F(Notifications, OneIsLeasedOnceAndDoneWhenSent) {
    add("a", 1000);
    add("a", 1000);
    EXPECT_FALSE(*has_due(tables_.reader(), 999));
    EXPECT_TRUE(*has_due(tables_.reader(), 1000));
    EXPECT_EQ(lease(1000), "a:1 ");
    EXPECT_EQ(lease(1000), "");
    ended({.id = "a", .number = 1, .sent = true}, 1500);
    EXPECT_EQ(progress().sent_ms, 1500);
    EXPECT_EQ(lease(1000 + kLeaseMs), "");
}

TEST_F(Notifications, ALeaseThatEndsIsGivenAgain) {
    add("a", 1000);
    EXPECT_EQ(lease(1000), "a:1 ");
    EXPECT_EQ(lease(1000 + kLeaseMs - 1), "");
    EXPECT_EQ(lease(1000 + kLeaseMs), "a:2 ");
    ended({.id = "a", .number = 1, .sent = false}, 1000 + kLeaseMs);
    EXPECT_EQ(lease(1000 + kLeaseMs + 1000), "") << "the first holder came too late";
}

TEST_F(Notifications, FiveAttemptsThenNoMore) {
    add("a", 0);
    std::int64_t now = 0;
    for (int number = 1; number <= 5; ++number) {
        EXPECT_EQ(lease(now), "a:" + std::to_string(number) + ' ');
        ended({.id = "a", .number = number, .sent = false}, now);
        const std::int64_t wait = 1000 << (number - 1);
        EXPECT_EQ(lease(now + wait - 1), "") << number;
        now += wait;
    }
    EXPECT_EQ(lease(now + 1'000'000'000), "");
    EXPECT_EQ(progress().attempts, 5);
    EXPECT_FALSE(progress().sent_ms.has_value());
}

TEST_F(Notifications, AreForgottenAfterADay) {
    constexpr std::int64_t kDay = 86'400'000;
    add("a", 1000);
    ASSERT_TRUE(tables_.write(store::expire(notifications_table(), kDay + 999, 10)).has_value());
    EXPECT_EQ(tables_.count("notifications"), 1);
    ASSERT_TRUE(tables_.write(store::expire(notifications_table(), kDay + 1000, 10)).has_value());
    EXPECT_EQ(tables_.count("notifications"), 0);
}

}  // namespace
}  // namespace loadgen::services::ninja::notification
