#include <gtest/gtest.h>

#include "tests/unit/services_workflow/support.hpp"

namespace loadgen::services::runtime::test {
namespace {

using std::chrono::seconds;

class Upkeep : public ::testing::Test {
  protected:
    std::unique_ptr<Process> process() {
        auto made = std::make_unique<Process>(folder_.database(), clock_);
        made->engine().define("Short").add(
            TaskState{.name = "Do",
                      .run = [](Transaction&, const Execution&) -> Result<void> { return {}; },
                      .next = {}});
        made->open();
        return made;
    }
    /// Lets upkeep begin, and everything that it queued end.
    void look(Process& service) {
        for (int i = 0; i < 5; ++i) {
            service.pass(seconds(11));
            ASSERT_TRUE(service.change([](Transaction&) -> Result<void> { return {}; }));
        }
    }

    ScratchFolder folder_;
    ManualClock clock_;
};

TEST_F(Upkeep, EndedExecutionsAreKeptForADay) {
    auto service = process();
    ASSERT_TRUE(service->start("Short", "s"));
    service->settle();
    clock_.advance(kExecutionsKept - seconds(120));
    look(*service);
    EXPECT_EQ(service->one("SELECT COUNT(*) FROM workflow_executions"), "1");
    ASSERT_TRUE(service->start("Short", "s"));  // its id is still taken
    service->settle();
    EXPECT_EQ(service->metric("workflow.started"), 1);
    clock_.advance(seconds(120));
    look(*service);
    EXPECT_EQ(service->one("SELECT COUNT(*) FROM workflow_executions"), "0");
}

TEST_F(Upkeep, ManyAreForgottenAtOnce) {
    constexpr std::int64_t kMany = 2 * kForgetBatch + 7;
    auto service = process();
    ASSERT_TRUE(service->change([](Transaction& transaction) -> Result<void> {
        for (std::int64_t i = 0; i < kMany; ++i) {
            auto done = transaction.start_workflow("Short", std::to_string(i), "{}");
            if (!done) return done;
        }
        return {};
    }));
    service->settle();
    clock_.advance(kExecutionsKept);
    look(*service);
    EXPECT_EQ(service->one("SELECT COUNT(*) FROM workflow_executions"), "0");
}

TEST_F(Upkeep, WhatIsUnderWayIsNeverForgotten) {
    auto service = std::make_unique<Process>(folder_.database(), clock_);
    service->engine().define("Long").add(WaitState{"Wait", std::chrono::hours(100), {}});
    service->open();
    ASSERT_TRUE(service->start("Long", "l"));
    clock_.advance(std::chrono::hours(90));
    look(*service);
    EXPECT_EQ(service->one("SELECT state FROM workflow_executions"), "Wait");
    clock_.advance(std::chrono::hours(10));
    look(*service);
    EXPECT_EQ(service->one("SELECT outcome FROM workflow_executions"), "succeeded");
}

}  // namespace
}  // namespace loadgen::services::runtime::test
