#include "common/io/loop.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace loadgen::io {
namespace {

struct Expiry final : TimerEvents {
    explicit Expiry(Loop& owner) : loop(owner), timer(owner, *this) {}
    void on_timer() override {
        fired.push_back(loop.now());
        if (fired.size() < rounds) {
            timer.set(loop.now() + Nanos(100'000));
        } else {
            loop.stop();
        }
    }
    Loop& loop;
    Timer timer;
    std::size_t rounds = 1;
    std::vector<Instant> fired;
};

TEST(Loop, ATimerNeverFiresBeforeItsInstant) {
    Loop loop;
    Expiry expiry(loop);
    expiry.rounds = 50;
    const Instant first = loop.refresh() + Nanos(1'000'000);
    expiry.timer.set(first);
    loop.run();
    ASSERT_EQ(expiry.fired.size(), 50U);
    EXPECT_GE(expiry.fired[0], first);
    for (std::size_t i = 1; i < expiry.fired.size(); ++i) {
        EXPECT_GE(expiry.fired[i], expiry.fired[i - 1] + Nanos(100'000));
    }
}

TEST(Loop, ACancelledTimerDoesNotFire) {
    Loop loop;
    Expiry cancelled(loop);
    Expiry other(loop);
    cancelled.timer.set(loop.refresh());
    cancelled.timer.cancel();
    EXPECT_FALSE(cancelled.timer.armed());
    other.timer.set(loop.refresh() + Nanos(1'000'000));
    loop.run();
    EXPECT_TRUE(cancelled.fired.empty());
}

TEST(Loop, TasksOfOtherThreadsRunInTheirOrder) {
    Loop loop;
    std::vector<int> order;
    std::thread poster([&] {
        for (int i = 0; i < 1000; ++i) loop.post([&order, i] { order.push_back(i); });
        loop.stop();
    });
    loop.run();
    poster.join();
    ASSERT_EQ(order.size(), 1000U);
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
    EXPECT_TRUE(loop.stopped());
}

TEST(Loop, ATaskMayPostAnother) {
    Loop loop;
    bool second = false;
    loop.post([&] {
        loop.post([&] {
            second = true;
            loop.stop();
        });
    });
    loop.run();
    EXPECT_TRUE(second);
}

TEST(Loop, PollingDoesNotSleep) {
    Loop loop;
    Expiry expiry(loop);
    expiry.timer.set(Instant(Nanos(INT64_MAX - 1)));
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(loop.poll());
    EXPECT_TRUE(expiry.fired.empty());
}

}  // namespace
}  // namespace loadgen::io
