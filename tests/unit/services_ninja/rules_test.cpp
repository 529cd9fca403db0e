// Rules without a store: keys, addresses, the alarm, and what events carry.
#include <gtest/gtest.h>

#include "common/text/json_reader.hpp"
#include "services/contracts/catalogue.hpp"
#include "services/ninja/notification/domain/notification.hpp"
#include "services/ninja/orders/domain/delay_alarm.hpp"
#include "services/ninja/orders/events/payloads.hpp"
#include "services/ninja/shared/domain/idempotency_key.hpp"
#include "services/ninja/users/domain/email.hpp"

namespace loadgen::services::ninja {
namespace {

TEST(IdempotencyKey, QuotedAndBareAreTheSame) {
    EXPECT_EQ(parse_idempotency_key("8e03978e-40d5-43dd-bc93-6894a57f9324").value_or(""),
              "8e03978e-40d5-43dd-bc93-6894a57f9324");
    EXPECT_EQ(parse_idempotency_key(R"("8e03978e-40d5-43dd-bc93-6894a57f9324")").value_or(""),
              "8e03978e-40d5-43dd-bc93-6894a57f9324");
    EXPECT_EQ(parse_idempotency_key(R"("a\"b\\c")").value_or(""), R"(a"b\c)");
    EXPECT_EQ(parse_idempotency_key("\"a,b\"").value_or(""), "a,b");
    EXPECT_EQ(parse_idempotency_key(std::string(255, 'k')).value_or(""), std::string(255, 'k'));
}

TEST(IdempotencyKey, AnythingElseIsRefused) {
    for (const std::string& bad :
         {std::string(), std::string("\"\""), std::string("\""), std::string("\"a"), std::string("a\""),
          std::string("a b"), std::string("a,b"), std::string("\"a\"b\""), std::string(R"("a\x")"),
          std::string(R"("a\")"), std::string("\"a\";q=1"), std::string("k\x7f"), std::string("\xc3\xa9"),
          std::string(256, 'k')}) {
        const auto key = parse_idempotency_key(bad);
        ASSERT_FALSE(key.has_value()) << bad;
        EXPECT_EQ(key.error().message, "Idempotency-Key must have 1 to 255 visible ASCII characters");
    }
}

TEST(Email, TakesWhatMailServersTake) {
    for (const char* good : {"ran@example.com", "a@b.co", "first.last+tag@sub.example.org", "o'neil@x-y.io",
                             "!#$%&'*+-/=?^_`{|}~@example.com", "a@1.2.3.4com"}) {
        EXPECT_TRUE(users::is_email(good)) << good;
    }
    EXPECT_TRUE(users::is_email(std::string(64, 'a') + "@example.com"));
    EXPECT_TRUE(users::is_email("a@" + std::string(63, 'b') + ".com"));
}

TEST(Email, RefusesTheRest) {
    for (const char* bad : {"",
                            "@",
                            "a",
                            "a@",
                            "@b.co",
                            "a@b",
                            "a@b@c.de",
                            ".a@b.co",
                            "a.@b.co",
                            "a..b@c.de",
                            "a@.b.co",
                            "a@b..co",
                            "a@b.co.",
                            "a@-b.co",
                            "a@b-.co",
                            "a b@c.de",
                            "a@b_c.de",
                            "a@127.0.0.1",
                            "a@[127.0.0.1]",
                            "\"a\"@b.co",
                            "J\xc3\xb6rg@b.co",
                            "a@b.co\n"}) {
        EXPECT_FALSE(users::is_email(bad)) << bad;
    }
    EXPECT_FALSE(users::is_email(std::string(65, 'a') + "@example.com"));
    EXPECT_FALSE(users::is_email("a@" + std::string(64, 'b') + ".com"));
    std::string long_host;
    for (int i = 0; i < 60; ++i) long_host += "abc.";
    EXPECT_EQ(("a@" + long_host + "com").size(), 245U);
    EXPECT_TRUE(users::is_email("a@" + long_host + "com"));
    EXPECT_FALSE(users::is_email("01234567890@" + long_host + "com")) << "255 characters";
}

// The alarm's rule: the maximum of one minute, at or above the threshold, one period, missing data is fine.
class Alarm : public ::testing::Test {
  protected:
    static constexpr std::int64_t kMinute = 60'000;
    static constexpr std::int64_t kStart = 28'333'333 * kMinute;
    static constexpr std::int64_t kThreshold = 5'000;
    std::vector<orders::SlowPeriod> judge(std::int64_t at) { return alarm_.judge(at, kThreshold); }
    void create(std::int64_t at, std::int64_t milliseconds) {
        alarm_.record(at, std::chrono::milliseconds(milliseconds));
    }
    orders::DelayAlarm alarm_;
};

TEST_F(Alarm, TellsTheSlowestOfAMinuteOnceItIsOver) {
    create(kStart, 10);
    create(kStart + 30'000, 7'000);
    create(kStart + 59'999, 6'000);
    EXPECT_TRUE(judge(kStart + 59'999).empty());
    const auto alarms = judge(kStart + kMinute);
    ASSERT_EQ(alarms.size(), 1U);
    EXPECT_EQ(alarms[0].start_ms, kStart);
    EXPECT_EQ(alarms[0].maximum, std::chrono::seconds(7));
    EXPECT_EQ(alarms[0].threshold_ms, kThreshold);
    EXPECT_TRUE(judge(kStart + kMinute + 1).empty());
}

TEST_F(Alarm, BeginsAtTheThreshold) {
    alarm_.record(kStart, std::chrono::milliseconds(5'000) - Nanos(1));
    EXPECT_TRUE(judge(kStart + kMinute).empty());
    create(kStart + kMinute, 5'000);
    EXPECT_EQ(judge(kStart + 2 * kMinute).size(), 1U);
}

TEST_F(Alarm, StaysRaisedUntilAMinuteIsFine) {
    create(kStart, 6'000);
    EXPECT_EQ(judge(kStart + kMinute).size(), 1U);
    create(kStart + kMinute, 8'000);
    EXPECT_TRUE(judge(kStart + 2 * kMinute).empty());
    EXPECT_TRUE(alarm_.raised());
    create(kStart + 2 * kMinute, 4'999);
    EXPECT_TRUE(judge(kStart + 3 * kMinute).empty());
    EXPECT_FALSE(alarm_.raised());
    create(kStart + 3 * kMinute, 6'000);
    EXPECT_EQ(judge(kStart + 4 * kMinute).size(), 1U);
}

TEST_F(Alarm, AMinuteWithoutCreatesIsFine) {
    create(kStart, 6'000);
    EXPECT_EQ(judge(kStart + kMinute).size(), 1U);
    EXPECT_TRUE(judge(kStart + 2 * kMinute).empty());
    EXPECT_FALSE(alarm_.raised());
    create(kStart + 2 * kMinute, 6'000);
    EXPECT_EQ(judge(kStart + 3 * kMinute).size(), 1U);
}

TEST_F(Alarm, WhoJudgesLateJudgesEveryMinute) {
    create(kStart, 6'000);
    create(kStart + kMinute, 6'000);
    create(kStart + 3 * kMinute, 7'000);
    const auto alarms = judge(kStart + 10 * kMinute);
    ASSERT_EQ(alarms.size(), 2U);
    EXPECT_EQ(alarms[0].start_ms, kStart);
    EXPECT_EQ(alarms[1].start_ms, kStart + 3 * kMinute);
    EXPECT_FALSE(alarm_.raised());
}

TEST_F(Alarm, AClockThatStepsBackLosesNoSlowCreate) {
    create(kStart + 5 * kMinute, 10);
    EXPECT_TRUE(judge(kStart + 6 * kMinute).empty());
    create(kStart, 9'000);
    EXPECT_TRUE(judge(kStart + kMinute).empty());
    const auto alarms = judge(kStart + 7 * kMinute);
    ASSERT_EQ(alarms.size(), 1U);
    EXPECT_EQ(alarms[0].maximum, std::chrono::seconds(9));
}

/// The catalogue's fields ("orderId:s") that `data` lacks or has with another kind.
std::string missing_fields(std::string_view type, std::string_view data) {
    text::JsonDocument document;
    const auto root = document.parse(data);
    const contracts::EventType* row = contracts::find_event_type(type);
    if (!root || row == nullptr) return "unreadable";
    std::string missing;
    std::string_view fields = row->fields;
    while (!fields.empty()) {
        const std::string_view field = fields.substr(0, fields.find(' '));
        fields.remove_prefix(std::min(fields.size(), field.size() + 1));
        const auto member = root->find(field.substr(0, field.find(':')));
        const auto wanted = field.back() == 'n' ? text::JsonKind::kNumber : text::JsonKind::kString;
        if (!member || member->kind() != wanted) missing += std::string(field) + ' ';
    }
    return missing;
}

TEST(Payloads, CarryWhatTheCatalogueSaysAndTheWords) {
    const orders::Order order{
        .id = "7b5a9d0e-0f5c-4f0e-9a27-1f4a3c1d2e3f", .customer_name = "Ran", .item_count = 5};
    const std::string created = orders::order_created(order);
    EXPECT_EQ(missing_fields("ninja.orderCreated.v1", created), "");
    EXPECT_EQ(
        created,
        R"({"orderId":"7b5a9d0e-0f5c-4f0e-9a27-1f4a3c1d2e3f","customerName":"Ran","orderItemCount":5,)"
        R"("subject":"Order 7b5a9d0e-0f5c-4f0e-9a27-1f4a3c1d2e3f created",)"
        R"("message":"Order id: 7b5a9d0e-0f5c-4f0e-9a27-1f4a3c1d2e3f\nCustomer name: Ran\nQuantity: 5"})");
    const std::string delayed = orders::order_create_delayed({.start_ms = 1'700'000'040'000,
                                                              .maximum = std::chrono::microseconds(7'000'900),
                                                              .threshold_ms = 5'000});
    EXPECT_EQ(missing_fields("ninja.orderCreateDelayed.v1", delayed), "");
    EXPECT_EQ(delayed, R"({"maximumMs":7000,"thresholdMs":5000,"periodStart":"2023-11-14T22:14:00.000Z"})");
}

TEST(NotificationRules, AreTriedFiveTimesWithGrowingWaits) {
    using std::chrono::seconds;
    EXPECT_EQ(notification::retry_wait(1), seconds(1));
    EXPECT_EQ(notification::retry_wait(2), seconds(2));
    EXPECT_EQ(notification::retry_wait(4), seconds(8));
    EXPECT_EQ(notification::kMaxAttempts, 5);
}

}  // namespace
}  // namespace loadgen::services::ninja
