#include "services/platform/auth/password_pool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace loadgen::services::platform::auth {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// Made by the argon2 command of Debian 12 for "Test!23" and the salt "somesaltsomesalt".
constexpr const char* kDefaultPhc =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$QNs0K4Xu/mdKESSK6Nqz14FI4fvBZtJQWsawVYTRYDU";
constexpr const char* kLoadPhc =
    "$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$Pvxvm2VC8sqK8PIgjESsO+HXk+Q4UyECeN8ura8Cv1s";
constexpr const char* kOtherKind =
    "$argon2i$v=19$m=1024,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$URMHoHnqUgY6AlPNPN7wPQcLjHwAR80E9QnR+e/taTY";

PasswordPoolOptions small() {
    return {.cost = *password_cost("load"), .threads = 1, .max_queue = 4};
}

class PasswordPoolTest : public ::testing::Test {
  protected:
    Result<bool> verify(PasswordPool& pool, std::string password, std::optional<std::string> phc) {
        Result<bool> outcome = Error{ErrorCode::kInternal, "never told"};
        EXPECT_TRUE(pool.verify(std::move(password), std::move(phc), loop_, [&](Result<bool> matches) {
            outcome = std::move(matches);
            loop_.stop();
        }));
        loop_.run();
        native_restart();
        return outcome;
    }
    void native_restart() { loop_.finish(); }

    Loop loop_;
};

TEST_F(PasswordPoolTest, ChecksHashesOfAStranger) {
    PasswordPool pool(small());
    EXPECT_TRUE(*verify(pool, "Test!23", kLoadPhc));
    EXPECT_TRUE(*verify(pool, "Test!23", kDefaultPhc));
    EXPECT_FALSE(*verify(pool, "Test!24", kLoadPhc));
    EXPECT_FALSE(*verify(pool, "", kLoadPhc));
    EXPECT_FALSE(*verify(pool, "Test!23", std::nullopt));
}

TEST_F(PasswordPoolTest, ItsOwnHashesHold) {
    PasswordPool pool(small());
    std::string phc;
    ASSERT_TRUE(pool.hash("p\xc3\xa4ss\0word", loop_, [&](Result<std::string> made) {
        phc = *made;
        loop_.stop();
    }));
    loop_.run();
    native_restart();
    EXPECT_THAT(phc, StartsWith("$argon2id$v=19$m=1024,t=1,p=1$"));
    EXPECT_TRUE(*verify(pool, "p\xc3\xa4ss\0word", phc));
    EXPECT_FALSE(*verify(pool, "password", phc));
}

TEST_F(PasswordPoolTest, RefusesWhatIsNoHashOrCostsTooMuch) {
    PasswordPool pool(small());
    for (const std::string bad :
         {"", "x", kOtherKind, "$argon2id$v=19$m=300000,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$Pvxvm2VC8sqK8PI",
          "$argon2id$v=19$m=1024,t=17,p=1$c29tZXNhbHRzb21lc2FsdA$Pvxvm2VC8sqK8PI",
          "$argon2id$v=19$m=1024,t=1,p=9$c29tZXNhbHRzb21lc2FsdA$Pvxvm2VC8sqK8PI"}) {
        const auto outcome = verify(pool, "Test!23", bad);
        ASSERT_FALSE(outcome.has_value()) << bad;
        EXPECT_EQ(outcome.error().message, "a stored password hash is no Argon2id string, or costs too much");
    }
    const auto cut = verify(pool, "Test!23", std::string(kLoadPhc).substr(0, 60));
    ASSERT_FALSE(cut.has_value());
    EXPECT_THAT(cut.error().message, HasSubstr("Argon2: "));
}

TEST_F(PasswordPoolTest, AFullQueueRefusesAtOnceAndClosingAnswersTheRest) {
    int told = 0;
    int closed = 0;
    const auto count = [&](Result<bool> outcome) {
        ++told;
        if (!outcome && outcome.error().code == ErrorCode::kLimit) ++closed;
    };
    {
        PasswordPoolOptions none = small();
        none.threads = 0;  // nobody takes anything
        PasswordPool pool(none);
        for (int i = 0; i < 4; ++i) EXPECT_TRUE(pool.verify("x", kLoadPhc, loop_, count));
        EXPECT_EQ(pool.waiting(), 4U);
        EXPECT_FALSE(pool.verify("x", kLoadPhc, loop_, count));
        EXPECT_FALSE(pool.hash("x", loop_, [](Result<std::string>) {}));
    }
    loop_.finish();
    EXPECT_EQ(told, 4);
    EXPECT_EQ(closed, 4);
}

TEST_F(PasswordPoolTest, EveryTaskTakenIsAnsweredOnTheLoop) {
    PasswordPoolOptions options = small();
    options.threads = 2;
    int taken = 0;
    int told = 0;
    const auto here = std::this_thread::get_id();
    {
        PasswordPool pool(options);
        for (int i = 0; i < 50; ++i) {
            taken += pool.verify("Test!23", kLoadPhc, loop_,
                                 [&](Result<bool>) {
                                     EXPECT_EQ(std::this_thread::get_id(), here);
                                     ++told;
                                 })
                         ? 1
                         : 0;
        }
    }
    loop_.finish();
    EXPECT_GE(taken, 4);
    EXPECT_EQ(told, taken);
}

TEST(PasswordCosts, HaveNames) {
    EXPECT_EQ(describe(*password_cost("default")), "Argon2id m=19456 KiB t=2 p=1");
    EXPECT_EQ(describe(*password_cost("load")), "Argon2id m=1024 KiB t=1 p=1: WEAK, for load tests only");
    EXPECT_EQ(password_cost("none"), std::nullopt);
}

}  // namespace
}  // namespace loadgen::services::platform::auth
