#include "services/runtime/workflow/workflow_token.hpp"

#include <gmock/gmock.h>

#include "tests/unit/services_workflow/support.hpp"

namespace loadgen::services::runtime::test {
namespace {

using std::chrono::milliseconds;

TEST(Token, IsThirtyTwoHexDigitsAndNeverTheSame) {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const auto token = new_workflow_token();
        ASSERT_TRUE(token.has_value());
        EXPECT_THAT(*token, ::testing::MatchesRegex("[0-9a-f]{32}"));
        EXPECT_TRUE(seen.insert(*token).second);
    }
}

// FIPS 180-4 example for "abc".
TEST(Token, IsKeptAsItsSha256) {
    EXPECT_EQ(workflow_token_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

class TokenOfWorkflow : public ::testing::Test {
  protected:
    TokenOfWorkflow() {
        define_order_like(service_.engine());
        service_.open();
        EXPECT_TRUE(service_.start(kOrderLike, "order-1"));
        service_.settle();
        token_ = last_token(service_, "order-1");
    }

    ScratchFolder folder_;
    ManualClock clock_;
    Process service_{folder_.database(), clock_};
    std::string token_;
};

TEST_F(TokenOfWorkflow, TheTableKnowsOnlyItsHash) {
    EXPECT_EQ(service_.one("SELECT token_hash FROM workflow_executions"), workflow_token_hash(token_));
    EXPECT_EQ(service_.one("SELECT COUNT(*) FROM workflow_executions WHERE"
                           " id || input || event_id || state || token_hash LIKE '%" +
                           token_ + "%'"),
              "0");
}

TEST_F(TokenOfWorkflow, CountsOnce) {
    EXPECT_EQ(service_.answer(token_), TokenOutcome::kAccepted);
    EXPECT_EQ(service_.answer(token_), TokenOutcome::kUnknown);
    EXPECT_EQ(service_.answer(token_, false), TokenOutcome::kUnknown);
    service_.settle();
    EXPECT_EQ(service_.answer(token_), TokenOutcome::kUnknown);
    EXPECT_EQ(effects_of(service_, "order-1"), "asked confirmed");
}

TEST_F(TokenOfWorkflow, CountsOnceInsideOneTransactionToo) {
    ASSERT_TRUE(service_.change([this](Transaction& transaction) -> Result<void> {
        EXPECT_EQ(transaction.succeed_token(token_).value(), TokenOutcome::kAccepted);
        EXPECT_EQ(transaction.fail_token(token_, "late").value(), TokenOutcome::kUnknown);
        return {};
    }));
    service_.settle();
    EXPECT_EQ(effects_of(service_, "order-1"), "asked confirmed");
}

TEST_F(TokenOfWorkflow, IsExpiredFromTheInstantOfTheTimeout) {
    clock_.advance(kAnswerTime);  // and nobody has looked yet
    EXPECT_EQ(service_.answer(token_), TokenOutcome::kUnknown);
    EXPECT_EQ(service_.answer(token_, false), TokenOutcome::kUnknown);
    EXPECT_EQ(effects_of(service_, "order-1"), "asked");
}

TEST_F(TokenOfWorkflow, CountsUntilTheInstantBeforeTheTimeout) {
    clock_.advance(kAnswerTime - milliseconds(1));
    EXPECT_EQ(service_.answer(token_), TokenOutcome::kAccepted);
}

TEST_F(TokenOfWorkflow, AnAnswerBeatsATimeoutThatIsOnItsWay) {
    clock_.advance(kAnswerTime - milliseconds(1));
    EXPECT_EQ(service_.answer(token_), TokenOutcome::kAccepted);
    clock_.advance(milliseconds(1));
    service_.settle();
    EXPECT_EQ(effects_of(service_, "order-1"), "asked confirmed");
    EXPECT_EQ(service_.metric("workflow.timeouts"), 0);
}

TEST_F(TokenOfWorkflow, WhatWasNeverIssuedIsUnknown) {
    for (const std::string& token :
         {std::string(), std::string("x"), std::string(32, '0'), std::string(64, 'a'), std::string(65, 'a'),
          std::string(100'000, 'a'), token_ + "0", token_.substr(1), workflow_token_hash(token_),
          std::string("\0\n'%", 4)}) {
        EXPECT_EQ(service_.answer(token), TokenOutcome::kUnknown) << token.substr(0, 80);
    }
    EXPECT_EQ(service_.answer(token_), TokenOutcome::kAccepted);
}

}  // namespace
}  // namespace loadgen::services::runtime::test
