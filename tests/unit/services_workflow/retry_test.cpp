#include <gmock/gmock.h>

#include "tests/unit/services_workflow/support.hpp"

namespace loadgen::services::runtime::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Retry : public ::testing::Test {
  protected:
    /// One with a step that fails as long as `failures_` is above 0.
    std::unique_ptr<Process> process() {
        auto made = std::make_unique<Process>(folder_.database(), clock_);
        define_order_like(made->engine(), [this](Transaction& transaction, const Execution& execution) {
            attempts_.push_back(execution.attempt);
            auto noted = note(transaction, execution, "confirmed");
            if (!noted) return noted;
            if (failures_ > 0) {
                --failures_;
                return Result<void>(Error{ErrorCode::kIo, "not today"});
            }
            return noted;
        });
        made->open();
        return made;
    }
    /// Brings `count` executions to the failing step.
    void start_and_answer(Process& service, int count) {
        ASSERT_TRUE(service.change([count](Transaction& transaction) -> Result<void> {
            for (int i = 0; i < count; ++i) {
                auto done = transaction.start_workflow(kOrderLike, "order-" + std::to_string(i), "{}");
                if (!done) return done;
            }
            return {};
        }));
        service.settle();
        ASSERT_TRUE(service.change([&service](Transaction& transaction) -> Result<void> {
            for (const std::string& token : service.column("SELECT token FROM effects")) {
                auto told = transaction.succeed_token(token);
                if (!told) return std::move(told).error();
            }
            return {};
        }));
    }
    std::vector<std::int64_t> delays(Process& service, int attempt) {
        std::vector<std::int64_t> all;
        for (const std::string& due :
             service.column("SELECT due_ms FROM workflow_executions WHERE due_ms IS NOT NULL AND attempt = " +
                            std::to_string(attempt)))
            all.push_back(std::stoll(due) - clock_.now_ms());
        return all;
    }

    ScratchFolder folder_;
    ManualClock clock_;
    int failures_ = 0;  // writing thread while the service settles
    std::vector<int> attempts_;
};

TEST_F(Retry, AStepThatFailsLeavesNothingAndIsTriedAgain) {
    auto service = process();
    failures_ = 2;
    start_and_answer(*service, 1);
    service->pass(seconds(3));  // below 1 s, then below 2 s
    EXPECT_THAT(attempts_, ElementsAre(1, 2, 3));
    EXPECT_EQ(effects_of(*service, "order-0"), "asked confirmed");
    EXPECT_EQ(service->metric("workflow.retries"), 2);
    EXPECT_THAT(service->log.text(), HasSubstr("not today"));
}

TEST_F(Retry, AfterTheLastAttemptItGoesWhereErrorsGo) {
    auto service = process();
    failures_ = 4;
    start_and_answer(*service, 1);
    service->pass(seconds(1 + 2 + 4));
    EXPECT_THAT(attempts_, ElementsAre(1, 2, 3, 4));
    EXPECT_EQ(effects_of(*service, "order-0"), "asked failed");
    EXPECT_EQ(service->one("SELECT outcome FROM workflow_executions"), "succeeded");
}

TEST_F(Retry, WithNowhereToGoTheExecutionFailsAndIsCounted) {
    auto service = std::make_unique<Process>(folder_.database(), clock_);
    service->engine().define("Doomed").add(
        TaskState{.name = "Do",
                  .run = [](Transaction&, const Execution&) -> Result<void> {
                      return Error{ErrorCode::kIo, "no"};
                  },
                  .next = {},
                  .retry = {.max_attempts = 2}});
    service->open();
    ASSERT_TRUE(service->start("Doomed", "d"));
    service->pass(seconds(1));
    EXPECT_EQ(service->one("SELECT outcome FROM workflow_executions"), "failed");
    EXPECT_EQ(service->metric("workflow.failed"), 1);
    EXPECT_THAT(service->log.text(), HasSubstr("a workflow failed for good"));
}

// Full jitter: uniform between nothing and the doubling bound. 400 samples of a uniform distribution leave a
// tenth of the range empty at either end with a probability below 1e-18.
TEST_F(Retry, RetriesAreSpreadOverTheWholeOfTheirBound) {
    constexpr int kMany = 400;
    auto service = process();
    failures_ = 4 * kMany;
    start_and_answer(*service, kMany);
    for (int attempt = 2; attempt <= 4; ++attempt) {
        const std::int64_t bound = 1000LL << (attempt - 2);
        // All at once: they fail together, so that their next delays begin together.
        service->settle();
        const auto waits = delays(*service, attempt);
        ASSERT_GE(waits.size(), kMany - 12);  // one in 1000 waits for nothing and has gone on
        EXPECT_GE(*std::min_element(waits.begin(), waits.end()), 0);
        EXPECT_LT(*std::max_element(waits.begin(), waits.end()), bound);
        EXPECT_LT(*std::min_element(waits.begin(), waits.end()), bound / 10);
        EXPECT_GE(*std::max_element(waits.begin(), waits.end()), bound - bound / 10);
        clock_.advance(milliseconds(bound));
        service->engine().wake();
    }
}

TEST_F(Retry, AQuestionThatCannotBeAskedIsTriedAndThenFails) {
    int asked = 0;
    auto service = std::make_unique<Process>(folder_.database(), clock_);
    WorkflowBuilder& workflow = service->engine().define("Ask");
    workflow.add(TokenState{.name = "Ask",
                            .enter = [&asked](Transaction&, const Execution&) -> Result<void> {
                                ++asked;
                                return Error{ErrorCode::kIo, "no"};
                            },
                            .timeout = kAnswerTime,
                            .next = {},
                            .on_timeout = {},
                            .on_failure = "Sorry"});
    workflow.add(TaskState{
        .name = "Sorry",
        .run = [](Transaction& t, const Execution& execution) { return note(t, execution, "sorry"); },
        .next = {}});
    service->open();
    ASSERT_TRUE(service->start("Ask", "a"));
    service->pass(seconds(1 + 2));
    EXPECT_EQ(asked, 3);
    EXPECT_EQ(effects_of(*service, "a"), "sorry");
}

TEST_F(Retry, ABusyStoreIsNoAttempt) {
    auto service = process();
    start_and_answer(*service, 1);
    service->fail_store(1);
    service->settle();
    EXPECT_TRUE(attempts_.empty());
    EXPECT_THAT(service->log.text(), HasSubstr("the store is busy"));
    service->pass(kStoreRest);
    EXPECT_THAT(attempts_, ElementsAre(1));
    EXPECT_EQ(effects_of(*service, "order-0"), "asked confirmed");
}

TEST_F(Retry, AFailureThatCannotBeWrittenDownIsNoAttemptEither) {
    auto service = std::make_unique<Process>(folder_.database(), clock_);
    bool failing = true;
    service->engine().define("Once").add(
        TaskState{.name = "Do",
                  .run = [&](Transaction& transaction, const Execution& execution) -> Result<void> {
                      if (!failing)
                          return note(transaction, execution, "attempt-" + std::to_string(execution.attempt));
                      failing = false;
                      service->fail_store(1);
                      return Error{ErrorCode::kIo, "disk full"};
                  },
                  .next = {}});
    service->open();
    ASSERT_TRUE(service->start("Once", "o"));
    service->settle();
    EXPECT_EQ(effects_of(*service, "o"), "");
    service->pass(kStoreRest);
    EXPECT_EQ(effects_of(*service, "o"), "attempt-1");
}

}  // namespace
}  // namespace loadgen::services::runtime::test
