#include "services/platform/loop.hpp"

#include <gtest/gtest.h>

#include <string>

namespace loadgen::services::platform {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(LoopTimers, RunInTheOrderOfTheirTimes) {
    Loop loop;
    std::string order;
    loop.after(milliseconds(30), [&] {
        order += 'c';
        loop.stop();
    });
    loop.after(milliseconds(10), [&] { order += 'b'; });
    const auto first = loop.after(Nanos(-5), [&] { order += 'a'; });
    EXPECT_TRUE(first->waiting());
    loop.run();
    EXPECT_EQ(order, "abc");
    EXPECT_FALSE(first->waiting());
}

TEST(LoopTimers, ACancelledTaskIsReleasedAndDoesNotRun) {
    Loop loop;
    const auto held = std::make_shared<int>(0);
    const auto timer = loop.after(Nanos(0), [held, &loop] { loop.stop(); });
    EXPECT_EQ(held.use_count(), 2);
    timer->cancel();
    timer->cancel();
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_FALSE(timer->waiting());
    bool other_ran = false;
    loop.after(Nanos(0), [&] {
        other_ran = true;
        loop.stop();
    });
    loop.run();
    EXPECT_TRUE(other_ran);
}

TEST(LoopTimers, ATaskThatIsDueTogetherWithItsCancellerDoesNotRun) {
    Loop loop;
    bool ran = false;
    std::shared_ptr<LoopTimer> victim;
    loop.after(milliseconds(1), [&] { victim->cancel(); });
    victim = loop.after(milliseconds(1), [&] { ran = true; });
    loop.after(milliseconds(20), [&] { loop.stop(); });
    loop.run();
    EXPECT_FALSE(ran);
}

TEST(LoopTimers, MayCancelAndStartFromTheirTask) {
    Loop loop;
    std::shared_ptr<LoopTimer> timer;
    timer = loop.after(Nanos(0), [&] {
        timer->cancel();
        loop.after(Nanos(0), [&] { loop.stop(); });
    });
    loop.run();
    EXPECT_FALSE(timer->waiting());
}

TEST(LoopTimers, OutliveTheirLoopUnharmed) {
    const auto held = std::make_shared<int>(0);
    std::shared_ptr<LoopTimer> timer;
    {
        Loop loop;
        timer = loop.after(hours(1), [held] {});
    }
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_FALSE(timer->waiting());
    timer->cancel();
}

}  // namespace
}  // namespace loadgen::services::platform
