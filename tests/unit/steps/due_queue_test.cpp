#include "loadgen/steps/due_queue.hpp"

#include <gtest/gtest.h>

#include "loadgen/steps/user.hpp"

using loadgen::Instant;
using loadgen::Nanos;
using loadgen::steps::DueQueue;
using loadgen::steps::Strand;

namespace {

Instant at(int nanos) {
    return Instant(Nanos(nanos));
}

}  // namespace

TEST(DueQueue, GivesWhatIsDueInOrderOfTime) {
    DueQueue queue;
    Strand a, b, c;
    queue.push(at(30), a);
    queue.push(at(10), b);
    queue.push(at(20), c);
    EXPECT_EQ(queue.next(), at(10));
    EXPECT_EQ(queue.pop_due(at(9)), nullptr);
    EXPECT_EQ(queue.pop_due(at(25)), &b);
    EXPECT_EQ(queue.pop_due(at(25)), &c);
    EXPECT_EQ(queue.pop_due(at(25)), nullptr);
    EXPECT_EQ(queue.pop_due(at(30)), &a);
    EXPECT_EQ(queue.next(), std::nullopt);
}

TEST(DueQueue, EqualInstantsComeOutAsTheyWentIn) {
    DueQueue queue;
    std::vector<Strand> strands(50);
    for (Strand& strand : strands) queue.push(at(1), strand);
    for (Strand& strand : strands) EXPECT_EQ(queue.pop_due(at(1)), &strand);
}

TEST(DueQueue, ForgetsWhoLeaves) {
    DueQueue queue;
    Strand a, b, c;
    queue.push(at(1), a);
    queue.push(at(2), b);
    queue.push(at(3), c);
    queue.remove(a);
    queue.remove(a);
    EXPECT_EQ(queue.size(), 2U);
    EXPECT_EQ(queue.pop_due(at(5)), &b);
    EXPECT_EQ(queue.pop_due(at(5)), &c);
}
