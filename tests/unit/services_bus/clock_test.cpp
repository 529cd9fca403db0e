// Steps of the wall clock: events neither get lost nor stuck.
#include "tests/unit/services_bus/support.hpp"

namespace loadgen::services::bus {
namespace {

using namespace test;

class ClockSteps : public BusTest {};
INSTANTIATE_BUS_TESTS(ClockSteps);

TEST_P(ClockSteps, BackwardsDoesNotHideWhatWaits) {
    auto bus = open();
    QueueSettings windowed = queue_named("windowed");
    windowed.batch_window = milliseconds(10);
    declare(*bus, queue_named("q"));
    declare(*bus, windowed);
    publish_numbered(*bus, 5);
    clock_.step(-hours(10));
    Recorder recorder;
    Recorder in_window;
    const auto consumer = consume(*bus, "q", recorder);
    const auto other = consume(*bus, "windowed", in_window);
    EXPECT_TRUE(recorder.wait_for(5));
    EXPECT_TRUE(in_window.wait_for(5));
}

TEST_P(ClockSteps, BackwardsDoesNotStretchAClaim) {
    auto bus = open();
    QueueSettings queue = queue_named("q");
    queue.visibility_timeout = milliseconds(200);
    declare(*bus, queue);
    publish_numbered(*bus, 2);
    Recorder recorder(Recorder::Mode::kDrop);
    const auto consumer = consume(*bus, "q", recorder);
    ASSERT_TRUE(recorder.wait_for(2));
    recorder.set_mode(Recorder::Mode::kSettle);
    clock_.step(-hours(10));
    EXPECT_TRUE(recorder.wait_for(4));
    EXPECT_TRUE(eventually([&] { return bus->counters().settled == 2; }));
}

TEST_P(ClockSteps, ForwardsBringsClaimedEventsEarly) {
    auto bus = open();
    declare(*bus, queue_named("q"));
    publish_numbered(*bus, 2);
    Recorder recorder(Recorder::Mode::kDrop);
    const auto consumer = consume(*bus, "q", recorder);
    ASSERT_TRUE(recorder.wait_for(2));
    recorder.set_mode(Recorder::Mode::kSettle);
    clock_.step(hours(10));
    EXPECT_TRUE(recorder.wait_for(4));
    EXPECT_EQ(recorder.deliveries()[3].receives, 2);
}

}  // namespace
}  // namespace loadgen::services::bus
