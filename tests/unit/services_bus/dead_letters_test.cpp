#include "tests/unit/services_bus/support.hpp"

namespace loadgen::services::bus {
namespace {

using namespace test;

class DeadLetters : public BusTest {
  protected:
    /// A queue of one try whose events have died.
    std::unique_ptr<Bus> with_dead(std::size_t count) {
        auto bus = open();
        QueueSettings queue = queue_named("q");
        queue.max_receives = 1;
        declare(*bus, queue);
        publish_numbered(*bus, count);
        Recorder recorder(Recorder::Mode::kFail);
        const auto consumer = consume(*bus, "q", recorder);
        EXPECT_TRUE(eventually([&] { return bus->counters().dead == count; }));
        return bus;
    }
};
INSTANTIATE_BUS_TESTS(DeadLetters);

TEST_P(DeadLetters, ComeAfterTheLastFailedReceive) {
    auto bus = open();
    declare(*bus, queue_named("q"));
    publish_numbered(*bus, 2);
    Recorder recorder(Recorder::Mode::kFail);
    const auto consumer = consume(*bus, "q", recorder);
    ASSERT_TRUE(eventually([&] { return bus->counters().dead == 2; }));
    EXPECT_EQ(recorder.deliveries().size(), 6U);
    const auto letters = bus->dead_letters("q", 10);
    ASSERT_TRUE(letters.has_value());
    ASSERT_EQ(letters->size(), 2U);
    const DeadLetter& letter = letters->front();
    EXPECT_EQ(letter.queue, "q");
    EXPECT_EQ(letter.id, "e0");
    EXPECT_EQ(letter.type, "t.v1");
    EXPECT_EQ(letter.receives, 3);
    EXPECT_EQ(letter.body, recorder.deliveries().front().body);
    EXPECT_EQ(letter.enqueued, recorder.deliveries().front().enqueued);
    EXPECT_GE(letter.died, letter.enqueued);
    EXPECT_EQ(bus->dead_letters("q", 1)->size(), 1U);
    const QueueDepth depth = depth_of(*bus, "q");
    EXPECT_EQ(depth.dead, 2U);
    EXPECT_EQ(depth.waiting + depth.in_flight, 0U);
}

TEST_P(DeadLetters, ComeAlsoFromConsumersThatNeverSettle) {
    auto bus = open();
    QueueSettings queue = queue_named("q");
    queue.visibility_timeout = milliseconds(5);
    declare(*bus, queue);
    publish_numbered(*bus, 1);
    Recorder recorder(Recorder::Mode::kDrop);
    const auto consumer = consume(*bus, "q", recorder);
    ASSERT_TRUE(eventually([&] { return bus->counters().dead == 1; }));
    EXPECT_EQ(recorder.deliveries().size(), 3U);
}

TEST_P(DeadLetters, GoBackWithTheirCountReset) {
    auto bus = with_dead(3);
    const std::string chosen[] = {"e1", "unknown"};
    EXPECT_EQ(bus->redrive("q", chosen).value_or(99), 1U);
    Recorder recorder;
    const auto consumer = consume(*bus, "q", recorder);
    ASSERT_TRUE(recorder.wait_for(1));
    EXPECT_EQ(recorder.deliveries()[0].id, "e1");
    EXPECT_EQ(recorder.deliveries()[0].receives, 1);
    EXPECT_EQ(bus->redrive("q", {}).value_or(99), 2U);
    ASSERT_TRUE(recorder.wait_for(3));
    EXPECT_EQ(bus->redrive("q", {}).value_or(99), 0U);
    EXPECT_EQ(depth_of(*bus, "q").dead, 0U);
}

TEST_P(DeadLetters, GiveWayToACopyOfTheSameEvent) {
    auto bus = with_dead(1);
    publish_numbered(*bus, 1);  // published again meanwhile
    EXPECT_EQ(bus->redrive("q", {}).value_or(99), 1U);
    const QueueDepth depth = depth_of(*bus, "q");
    EXPECT_EQ(depth.dead, 0U);
    EXPECT_EQ(depth.waiting, 1U);
}

TEST_P(DeadLetters, AreForgottenAfterTheirTime) {
    auto bus = with_dead(2);
    Recorder recorder;
    const auto consumer = consume(*bus, "q", recorder);  // the sweep looks after queues that are consumed
    clock_.step(hours(24 * 14) - seconds(600));
    publish_numbered(*bus, 1, 7);
    ASSERT_TRUE(recorder.wait_for(1));
    EXPECT_EQ(depth_of(*bus, "q").dead, 2U);
    clock_.step(seconds(1200));
    EXPECT_TRUE(eventually([&] { return depth_of(*bus, "q").dead == 0; }));
}

}  // namespace
}  // namespace loadgen::services::bus
