#include "common/io/timer_wheel.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <vector>

namespace loadgen::io {
namespace {

Instant at(std::int64_t nanoseconds) {
    return Instant(Nanos(nanoseconds));
}

struct Entry : Deadline {
    std::optional<Instant> due;  ///< armed for
    Instant armed_at;
    std::vector<Instant> expired;
};

/// Advances in the given steps and checks each expiry against what was armed.
void advance_and_check(TimerWheel& wheel, Instant now, std::deque<Entry>& entries) {
    wheel.advance(now, [&](Deadline& deadline) {
        auto& entry = static_cast<Entry&>(deadline);
        RC_ASSERT(entry.due.has_value());
        RC_ASSERT(*entry.due <= now);  // never early
        RC_ASSERT(!entry.armed());
        entry.due.reset();
        entry.expired.push_back(now);
    });
    for (const Entry& entry : entries) {
        RC_ASSERT(entry.armed() == entry.due.has_value());
        // At most two ticks late, counted from the arming when that came too late already.
        if (entry.due) RC_ASSERT(now < std::max(*entry.due, entry.armed_at) + 2 * TimerWheel::kTick);
    }
}

RC_GTEST_PROP(TimerWheel, NeverEarlyAndAtMostTwoTicksLate, ()) {
    const std::int64_t origin = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000);
    TimerWheel wheel(at(origin));
    std::deque<Entry> entries(20);
    std::int64_t now = origin;
    for (int step = 0; step < 60; ++step) {
        Entry& entry = entries[*rc::gen::inRange<std::size_t>(0, entries.size())];
        if (*rc::gen::inRange(0, 4) == 0) {
            entry.cancel();
            entry.due.reset();
        } else {
            // From the past to beyond one turn of the wheel (4096 ticks).
            entry.due = at(now + *rc::gen::inRange<std::int64_t>(-5'000'000, 9'000'000'000));
            entry.armed_at = at(now);
            wheel.arm(entry, *entry.due);
        }
        now +=
            *rc::gen::element<std::int64_t>(0, 1, 999'999, 1'000'000, 3'500'000, 700'000'000, 20'000'000'000);
        advance_and_check(wheel, at(now), entries);
    }
}

TEST(TimerWheel, ADeadlineInThePastExpiresAtTheNextTick) {
    TimerWheel wheel(at(0));
    wheel.advance(at(5'000'000), [](Deadline&) { FAIL(); });
    Entry entry;
    wheel.arm(entry, at(0));
    int expired = 0;
    wheel.advance(at(6'000'000), [&](Deadline&) { ++expired; });
    EXPECT_EQ(expired, 1);
}

TEST(TimerWheel, ArmingAgainReplaces) {
    TimerWheel wheel(at(0));
    Entry entry;
    wheel.arm(entry, at(2'000'000));
    wheel.arm(entry, at(50'000'000));
    wheel.advance(at(40'000'000), [](Deadline&) { FAIL() << "the first deadline was replaced"; });
    int expired = 0;
    wheel.advance(at(60'000'000), [&](Deadline&) { ++expired; });
    EXPECT_EQ(expired, 1);
}

TEST(TimerWheel, ACallbackMayCancelAndRearmItsNeighbours) {
    TimerWheel wheel(at(0));
    std::deque<Entry> entries(10);
    for (Entry& entry : entries) wheel.arm(entry, at(4'500'000));  // all in one slot
    int expired = 0;
    wheel.advance(at(10'000'000), [&](Deadline& deadline) {
        ++expired;
        for (Entry& entry : entries) {
            if (&entry != &deadline) entry.cancel();
        }
        wheel.arm(deadline, at(20'000'000));
    });
    EXPECT_EQ(expired, 1);
    EXPECT_EQ(std::count_if(entries.begin(), entries.end(), [](const Entry& entry) { return entry.armed(); }),
              1);
    wheel.advance(at(30'000'000), [&](Deadline&) { ++expired; });
    EXPECT_EQ(expired, 2);
}

TEST(TimerWheel, ACallbackThatAlwaysRearmsInThePastStillLetsTheRoundEnd) {
    TimerWheel wheel(at(0));
    Entry entry;
    wheel.arm(entry, at(0));
    int expired = 0;
    wheel.advance(at(100'000'000), [&](Deadline& deadline) {
        ++expired;
        wheel.arm(deadline, at(0));
    });
    EXPECT_LE(expired, 101);
    EXPECT_TRUE(entry.armed());
}

TEST(TimerWheel, DeadlinesLeaveWhenDestroyedAndOutliveTheWheel) {
    Entry survivor;
    {
        TimerWheel wheel(at(0));
        {
            Entry passing;
            wheel.arm(passing, at(1'000'000));
        }
        wheel.advance(at(10'000'000), [](Deadline&) { FAIL(); });
        wheel.arm(survivor, at(1'000'000'000));
    }
    EXPECT_FALSE(survivor.armed());
}

}  // namespace
}  // namespace loadgen::io
