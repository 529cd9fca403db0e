#include <gmock/gmock.h>

#include <thread>

#include "tests/unit/services_workflow/support.hpp"

namespace loadgen::services::runtime::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

class Workflow : public ::testing::Test {
  protected:
    std::unique_ptr<Process> process(Settings settings = {}) {
        auto made = std::make_unique<Process>(folder_.database(), clock_, std::move(settings));
        define_order_like(made->engine());
        made->open();
        return made;
    }

    ScratchFolder folder_;
    ManualClock clock_;
};

std::string state_of(Process& process, const std::string& id) {
    return process.one("SELECT state FROM workflow_executions WHERE id = '" + id + "'");
}

std::string outcome_of(Process& process, const std::string& id) {
    return process.one("SELECT outcome FROM workflow_executions WHERE id = '" + id + "'");
}

TEST_F(Workflow, AsksAndGoesOnWhenAnswered) {
    auto service = process();
    ASSERT_TRUE(service->start(kOrderLike, "order-1"));
    service->settle();
    EXPECT_EQ(effects_of(*service, "order-1"), "asked");
    EXPECT_EQ(outcome_of(*service, "order-1"), "");
    EXPECT_EQ(service->answer(last_token(*service, "order-1")), TokenOutcome::kAccepted);
    service->settle();
    EXPECT_EQ(effects_of(*service, "order-1"), "asked confirmed");
    EXPECT_EQ(outcome_of(*service, "order-1"), "succeeded");
    EXPECT_EQ(service->one("SELECT COUNT(DISTINCT event_id) FROM effects"), "1");
}

TEST_F(Workflow, AFailureIsAnAnswerToo) {
    auto service = process();
    ASSERT_TRUE(service->start(kOrderLike, "order-1"));
    service->settle();
    EXPECT_EQ(service->answer(last_token(*service, "order-1"), false), TokenOutcome::kAccepted);
    service->settle();
    EXPECT_EQ(effects_of(*service, "order-1"), "asked no-stock");
    EXPECT_EQ(outcome_of(*service, "order-1"), "succeeded");
    EXPECT_THAT(service->log.text(), HasSubstr("Stock.ReservationFailed"));
}

TEST_F(Workflow, AsksAgainWithTheSameEventAndANewTokenAfterTheTimeout) {
    auto service = process();
    ASSERT_TRUE(service->start(kOrderLike, "order-1"));
    service->settle();
    const std::string first = last_token(*service, "order-1");
    service->pass(kAnswerTime - milliseconds(1));
    EXPECT_EQ(effects_of(*service, "order-1"), "asked");
    service->pass(milliseconds(1));
    EXPECT_EQ(effects_of(*service, "order-1"), "asked asked-again");
    const std::string second = last_token(*service, "order-1");
    EXPECT_NE(first, second);
    EXPECT_EQ(service->one("SELECT COUNT(DISTINCT event_id) FROM effects"), "1");
    EXPECT_EQ(service->answer(first), TokenOutcome::kUnknown);
    EXPECT_EQ(service->answer(second), TokenOutcome::kAccepted);
    service->settle();
    EXPECT_EQ(effects_of(*service, "order-1"), "asked asked-again confirmed");
}

TEST_F(Workflow, GivesUpAfterTheSecondTimeout) {
    auto service = process();
    ASSERT_TRUE(service->start(kOrderLike, "order-1"));
    service->pass(2 * kAnswerTime - milliseconds(1));
    EXPECT_EQ(effects_of(*service, "order-1"), "asked asked-again");
    service->pass(milliseconds(1));
    EXPECT_EQ(effects_of(*service, "order-1"), "asked asked-again no-stock");
    EXPECT_EQ(service->metric("workflow.timeouts"), 2);
    EXPECT_EQ(service->metric("workflow.failed"), 0);
}

TEST_F(Workflow, WaitsAsLongAsItsStatesSay) {
    auto service = std::make_unique<Process>(folder_.database(), clock_);
    WorkflowBuilder& workflow = service->engine().define("Waits");
    workflow.add(WaitState{"Wait 3", seconds(3), "Wait 5"});
    workflow.add(WaitState{"Wait 5", seconds(5), "Do"});
    workflow.add(TaskState{
        .name = "Do",
        .run = [](Transaction& t, const Execution& execution) { return note(t, execution, "done"); },
        .next = {}});
    service->open();
    ASSERT_TRUE(service->start("Waits", "w"));
    service->pass(seconds(3) - milliseconds(1));
    EXPECT_EQ(state_of(*service, "w"), "Wait 3");
    service->pass(milliseconds(1));
    EXPECT_EQ(state_of(*service, "w"), "Wait 5");
    service->pass(seconds(5) - milliseconds(1));
    EXPECT_EQ(effects_of(*service, "w"), "");
    service->pass(milliseconds(1));
    EXPECT_EQ(effects_of(*service, "w"), "done");
}

TEST_F(Workflow, TimeIsScaledButAnAnswerHasFiveSeconds) {
    Settings halved;
    halved.time_scale = 0.5;
    auto service = process(halved);
    ASSERT_TRUE(service->start(kOrderLike, "half"));
    service->pass(kAnswerTime / 2 - milliseconds(1));
    EXPECT_EQ(effects_of(*service, "half"), "asked");
    service->pass(milliseconds(1));
    EXPECT_EQ(effects_of(*service, "half"), "asked asked-again");
    service.reset();

    Settings instant;
    instant.time_scale = 0;
    service = process(instant);
    ASSERT_TRUE(service->start(kOrderLike, "none"));
    service->pass(kShortestTimeout - milliseconds(1));
    EXPECT_EQ(effects_of(*service, "none"), "asked");
    service->pass(milliseconds(1));
    EXPECT_EQ(effects_of(*service, "none"), "asked asked-again");
}

TEST_F(Workflow, AnIdStartsOnce) {
    auto service = process();
    ASSERT_TRUE(service->start(kOrderLike, "order-1"));
    service->settle();
    ASSERT_TRUE(service->start(kOrderLike, "order-1"));
    service->settle();
    EXPECT_EQ(effects_of(*service, "order-1"), "asked");
    EXPECT_EQ(service->metric("workflow.started"), 1);
}

TEST_F(Workflow, ATransactionThatFailsStartsAndAnswersNothing) {
    auto service = process();
    EXPECT_FALSE(service->change([](Transaction& transaction) -> Result<void> {
        EXPECT_TRUE(transaction.start_workflow(kOrderLike, "order-1", "{}"));
        return Error{ErrorCode::kIo, "no"};
    }));
    service->settle();
    EXPECT_TRUE(service->column("SELECT id FROM workflow_executions").empty());

    ASSERT_TRUE(service->start(kOrderLike, "order-2"));
    service->settle();
    const std::string token = last_token(*service, "order-2");
    EXPECT_FALSE(service->change([&token](Transaction& transaction) -> Result<void> {
        EXPECT_EQ(transaction.succeed_token(token).value(), TokenOutcome::kAccepted);
        return Error{ErrorCode::kIo, "no"};
    }));
    service->settle();
    EXPECT_EQ(effects_of(*service, "order-2"), "asked");
    EXPECT_EQ(service->answer(token), TokenOutcome::kAccepted);
}

TEST_F(Workflow, AnUnknownWorkflowIsAnError) {
    auto service = process();
    const auto started = service->start("Nothing", "x");
    ASSERT_FALSE(started.has_value());
    EXPECT_EQ(started.error().message, "workflow: none is called Nothing");
}

TEST_F(Workflow, ThousandsGoOnInBoundedBatches) {
    constexpr int kMany = 3000;
    auto service = process();
    ASSERT_TRUE(service->change([](Transaction& transaction) -> Result<void> {
        for (int i = 0; i < kMany; ++i) {
            auto done = transaction.start_workflow(kOrderLike, "order-" + std::to_string(i), "{}");
            if (!done) return done;
        }
        return {};
    }));
    service->settle();
    EXPECT_EQ(service->one("SELECT COUNT(*) FROM effects WHERE what = 'asked'"), std::to_string(kMany));
    EXPECT_EQ(service->one("SELECT COUNT(DISTINCT token) FROM effects"), std::to_string(kMany));
    EXPECT_LE(service->most_open(), static_cast<std::size_t>(kStepsAtOnce));
    ASSERT_TRUE(service->change([&](Transaction& transaction) -> Result<void> {
        for (const std::string& token : service->column("SELECT token FROM effects")) {
            auto told = transaction.succeed_token(token);
            if (!told) return std::move(told).error();
        }
        return {};
    }));
    service->settle();
    EXPECT_EQ(service->one("SELECT COUNT(*) FROM effects WHERE what = 'confirmed'"), std::to_string(kMany));
    EXPECT_EQ(service->one("SELECT COUNT(*) FROM workflow_executions WHERE outcome = 'succeeded'"),
              std::to_string(kMany));
}

TEST_F(Workflow, TwoProcessesOnOneDatabaseMakeEveryTransitionOnce) {
    constexpr int kMany = 300;
    auto one = process();
    auto other = process();
    ASSERT_TRUE(one->change([](Transaction& transaction) -> Result<void> {
        for (int i = 0; i < kMany; ++i) {
            auto done = transaction.start_workflow(kOrderLike, "order-" + std::to_string(i), "{}");
            if (!done) return done;
        }
        return {};
    }));
    other->engine().wake();
    std::thread beside([&] { other->settle(); });
    one->settle();
    beside.join();
    EXPECT_EQ(one->one("SELECT COUNT(*) FROM effects"), std::to_string(kMany));
    clock_.advance(kAnswerTime);
    one->engine().wake();
    other->engine().wake();
    beside = std::thread([&] { other->settle(); });
    one->settle();
    beside.join();
    EXPECT_EQ(one->one("SELECT COUNT(*) FROM effects WHERE what = 'asked-again'"), std::to_string(kMany));
    EXPECT_EQ(one->one("SELECT COUNT(*) FROM effects"), std::to_string(2 * kMany));
}

TEST_F(Workflow, AnExecutionOfAnotherVersionIsLeftToThatVersion) {
    auto newer = process();
    ASSERT_TRUE(newer->start(kOrderLike, "order-1"));
    newer->settle();
    const std::string token = last_token(*newer, "order-1");
    newer.reset();

    auto older = std::make_unique<Process>(folder_.database(), clock_);
    older->engine()
        .define(kOrderLike)
        .add(TaskState{
            .name = "Old",
            .run = [](Transaction& t, const Execution& execution) { return note(t, execution, "old"); },
            .next = {}});
    older->open();
    ASSERT_TRUE(older->start(kOrderLike, "order-2"));
    older->pass(kAnswerTime);
    EXPECT_EQ(effects_of(*older, "order-1"), "asked");
    EXPECT_EQ(effects_of(*older, "order-2"), "old");
    EXPECT_EQ(older->metric("workflow.stranded"), 1);
    EXPECT_THAT(older->log.text(), HasSubstr("in a state that is not known here"));
    // An answer that comes to it is not lost: its event fails, and comes again.
    EXPECT_FALSE(older->change([&token](Transaction& transaction) -> Result<void> {
        auto told = transaction.succeed_token(token);
        return told ? Result<void>() : Result<void>(std::move(told).error());
    }));
    older.reset();

    newer = process();
    EXPECT_EQ(newer->answer(token), TokenOutcome::kAccepted);
    newer->settle();
    EXPECT_EQ(effects_of(*newer, "order-1"), "asked confirmed");
}

}  // namespace
}  // namespace loadgen::services::runtime::test
