// Delays, windows, rests and claims that run out. Times are only ever compared from below: a busy machine may
// be late, never early.
#include "tests/unit/services_bus/support.hpp"

namespace loadgen::services::bus {
namespace {

using namespace test;

class Timing : public BusTest {
  protected:
    /// Remembers when each delivery came, on the same clock as Delivery::enqueued.
    BatchHandler stamping(Recorder& recorder) {
        return [this, handle = recorder.handler()](std::shared_ptr<Batch> batch) {
            came_ns_ = clock_.wall_now().unix_ns;
            handle(std::move(batch));
        };
    }
    Nanos age_of(const Delivery& delivery) const { return Nanos(came_ns_ - delivery.enqueued.unix_ns); }
    std::atomic<std::int64_t> came_ns_{0};
};
INSTANTIATE_BUS_TESTS(Timing);

TEST_P(Timing, ADelayedEventIsNotSeenEarlier) {
    auto bus = open(hours(1));  // no sweep: the timer alone must do it
    declare(*bus, queue_named("q"));
    Recorder recorder;
    const auto consumer = bus->consume("q", stamping(recorder));
    ASSERT_TRUE(consumer.has_value());
    Publication late = event("late");
    late.delay = milliseconds(80);
    ASSERT_TRUE(publish(*bus, {late, event("now")}));
    ASSERT_TRUE(recorder.wait_for(1));
    EXPECT_EQ(recorder.ids().front(), "now");
    ASSERT_TRUE(recorder.wait_for(2));
    EXPECT_GE(age_of(recorder.deliveries()[1]), Nanos(milliseconds(80)));
}

TEST_P(Timing, AFailedEventRests) {
    auto bus = open(hours(1));
    declare(*bus, queue_named("q"));
    Recorder recorder(Recorder::Mode::kFail, milliseconds(40));
    const auto consumer = bus->consume("q", stamping(recorder));
    ASSERT_TRUE(consumer.has_value());
    publish_numbered(*bus, 1);
    ASSERT_TRUE(recorder.wait_for(3));
    EXPECT_GE(age_of(recorder.deliveries()[2]), Nanos(milliseconds(80)));
    ASSERT_TRUE(eventually([&] { return bus->counters().dead == 1; }));
}

TEST_P(Timing, AnUnsettledBatchComesAgainAfterItsTimeout) {
    auto bus = open(hours(1));
    QueueSettings queue = queue_named("q");
    queue.visibility_timeout = milliseconds(60);
    queue.max_receives = 100;
    declare(*bus, queue);
    Recorder recorder(Recorder::Mode::kDrop);
    const auto consumer = bus->consume("q", stamping(recorder));
    ASSERT_TRUE(consumer.has_value());
    publish_numbered(*bus, 3);
    ASSERT_TRUE(recorder.wait_for(6));
    const auto deliveries = recorder.deliveries();
    EXPECT_EQ(deliveries[3].receives, 2);
    EXPECT_GE(age_of(deliveries[3]), Nanos(milliseconds(59)));  // claims are kept in whole milliseconds
}

TEST_P(Timing, AFullBatchDoesNotWaitForTheWindow) {
    auto bus = open(hours(1));
    QueueSettings queue = queue_named("q");
    queue.batch_window = hours(1);
    declare(*bus, queue);
    Recorder recorder;
    const auto consumer = consume(*bus, "q", recorder);
    publish_numbered(*bus, 9);
    publish_numbered(*bus, 14, 9);
    ASSERT_TRUE(recorder.wait_for(20));
    EXPECT_EQ(recorder.batch_sizes(), (std::vector<std::size_t>{10, 10}));
    EXPECT_EQ(depth_of(*bus, "q").waiting, 3U);
}

TEST_P(Timing, ABatchThatIsNotFullWaitsForTheWindow) {
    auto bus = open(hours(1));
    QueueSettings queue = queue_named("q");
    queue.batch_window = milliseconds(60);
    declare(*bus, queue);
    Recorder recorder;
    const auto consumer = bus->consume("q", stamping(recorder));
    ASSERT_TRUE(consumer.has_value());
    publish_numbered(*bus, 4);
    ASSERT_TRUE(recorder.wait_for(4));
    EXPECT_EQ(recorder.batch_sizes(), (std::vector<std::size_t>{4}));
    EXPECT_GE(age_of(recorder.deliveries().front()), Nanos(milliseconds(59)));
}

TEST_P(Timing, AConsumerThatComesLateFindsTheWindowOver) {
    auto bus = open();
    QueueSettings queue = queue_named("q");
    queue.batch_window = hours(1);
    declare(*bus, queue);
    publish_numbered(*bus, 4);
    clock_.step(hours(2));
    Recorder recorder;
    const auto consumer = consume(*bus, "q", recorder);
    EXPECT_TRUE(recorder.wait_for(4));
}

}  // namespace
}  // namespace loadgen::services::bus
