// What comes out: batches, limits, settling, stopping.
#include "tests/unit/services_bus/support.hpp"

namespace loadgen::services::bus {
namespace {

using namespace test;

class Consuming : public BusTest {};
INSTANTIATE_BUS_TESTS(Consuming);

TEST_P(Consuming, HandsOutInOrderInFullBatches) {
    auto bus = open();
    declare(*bus, queue_named("q"));
    publish_numbered(*bus, 25);
    Recorder recorder;
    const auto consumer = consume(*bus, "q", recorder);
    ASSERT_TRUE(recorder.wait_for(25));
    EXPECT_EQ(recorder.batch_sizes(), (std::vector<std::size_t>{10, 10, 5}));
    const auto deliveries = recorder.deliveries();
    for (std::size_t i = 0; i < deliveries.size(); ++i) {
        EXPECT_EQ(deliveries[i].id, "e" + std::to_string(i));
        EXPECT_TRUE(i == 0 || deliveries[i].sequence > deliveries[i - 1].sequence) << i;
    }
    ASSERT_TRUE(eventually([&] { return bus->counters().settled == 25; }));
    const QueueDepth depth = depth_of(*bus, "q");
    EXPECT_EQ(depth.waiting + depth.in_flight + depth.dead, 0U);
    EXPECT_TRUE(consumer->idle());
}

TEST_P(Consuming, RespectsTheLimitOfBatchesInFlight) {
    auto bus = open();
    declare(*bus, queue_named("q"));
    publish_numbered(*bus, 100);
    Recorder recorder(Recorder::Mode::kKeep);
    const auto consumer = consume(*bus, "q", recorder, 3);
    ASSERT_TRUE(recorder.wait_for(30));
    EXPECT_EQ(depth_of(*bus, "q").in_flight, 30U);
    EXPECT_EQ(depth_of(*bus, "q").waiting, 70U);
    recorder.take_kept()->settle({});
    ASSERT_TRUE(recorder.wait_for(40));
    recorder.take_kept().reset();  // destroyed unsettled: room as well, but its events stay claimed
    ASSERT_TRUE(recorder.wait_for(50));
    EXPECT_EQ(depth_of(*bus, "q").in_flight, 40U);
    EXPECT_EQ(recorder.deliveries().size(), 50U);
    EXPECT_FALSE(consumer->idle());
}

TEST_P(Consuming, OnlyTheFailedOnesComeAgain) {
    auto bus = open();
    declare(*bus, queue_named("q"));
    publish_numbered(*bus, 5);
    Recorder recorder(Recorder::Mode::kKeep);
    const auto consumer = consume(*bus, "q", recorder);
    ASSERT_TRUE(recorder.wait_for(5));
    const std::size_t failed[] = {1, 3, 99};
    const auto batch = recorder.take_kept();
    batch->settle(failed);
    batch->settle({});  // once is once
    ASSERT_TRUE(recorder.wait_for(7));
    const auto deliveries = recorder.deliveries();
    EXPECT_EQ(deliveries[5].id, "e1");
    EXPECT_EQ(deliveries[6].id, "e3");
    EXPECT_EQ(deliveries[5].receives, 2);
    EXPECT_EQ(deliveries[5].sequence, deliveries[1].sequence);
    EXPECT_EQ(bus->counters().settled, 3U);
    EXPECT_EQ(bus->counters().redelivered, 2U);
}

TEST_P(Consuming, AnOutdatedReceiptSettlesNothing) {
    auto bus = open();
    QueueSettings queue = queue_named("q");
    queue.visibility_timeout = hours(1);
    declare(*bus, queue);
    publish_numbered(*bus, 1);
    Recorder recorder(Recorder::Mode::kKeep);
    const auto consumer = consume(*bus, "q", recorder);
    ASSERT_TRUE(recorder.wait_for(1));
    clock_.step(hours(2));
    ASSERT_TRUE(recorder.wait_for(2));  // the first claim ran out
    EXPECT_EQ(recorder.deliveries()[1].receives, 2);
    const std::size_t all[] = {0};
    recorder.take_kept()->settle(all);
    // What follows the settling in the same mailbox shows that it was looked at.
    publish_numbered(*bus, 1, 1);
    ASSERT_TRUE(recorder.wait_for(3));
    EXPECT_EQ(depth_of(*bus, "q").in_flight, 2U);
    recorder.take_kept()->settle({});
    ASSERT_TRUE(eventually([&] { return bus->counters().settled == 1; }));
    EXPECT_EQ(depth_of(*bus, "q").in_flight, 1U);
}

TEST_P(Consuming, StopsAndLeavesTheRestToOthers) {
    auto bus = open();
    declare(*bus, queue_named("q"));
    Recorder first(Recorder::Mode::kKeep);
    const auto stopped = consume(*bus, "q", first, 1);
    publish_numbered(*bus, 1);
    ASSERT_TRUE(first.wait_for(1));
    stopped->stop();
    EXPECT_FALSE(stopped->idle());
    publish_numbered(*bus, 20, 1);
    Recorder second;
    const auto other = consume(*bus, "q", second);
    ASSERT_TRUE(second.wait_for(20));
    EXPECT_EQ(first.deliveries().size(), 1U);
    first.take_kept()->settle({});  // still possible
    EXPECT_TRUE(stopped->idle());
    EXPECT_TRUE(eventually([&] { return bus->counters().settled == 21; }));
}

TEST_P(Consuming, AConsumerMayEndItselfInItsHandler) {
    auto bus = open();
    declare(*bus, queue_named("q"));
    std::unique_ptr<Consumer> consumer;
    std::mutex mutex;
    std::atomic<int> calls{0};
    {
        const std::lock_guard lock(mutex);
        auto started = bus->consume("q", [&](std::shared_ptr<Batch> batch) {
            const std::lock_guard wait_until_started(mutex);
            batch->settle({});
            consumer.reset();
            ++calls;
        });
        ASSERT_TRUE(started.has_value());
        consumer = std::move(*started);
    }
    publish_numbered(*bus, 1);
    ASSERT_TRUE(eventually([&] { return calls == 1 && bus->counters().settled == 1; }));
    publish_numbered(*bus, 1, 1);
    EXPECT_EQ(depth_of(*bus, "q").waiting, 1U);
}

TEST_P(Consuming, WhatIsLeftOutlivesTheBus) {
    std::shared_ptr<Batch> late;
    {
        auto bus = open();
        declare(*bus, queue_named("q"));
        publish_numbered(*bus, 30);
        Recorder recorder(Recorder::Mode::kKeep);
        const auto consumer = consume(*bus, "q", recorder, 2);
        ASSERT_TRUE(recorder.wait_for(20));
        recorder.take_kept()->settle({});  // committed at the latest when the bus ends
        late = recorder.take_kept();
        consumer->stop();
    }
    late->settle({});  // too late: nothing happens
    auto bus = open();
    const QueueDepth depth = depth_of(*bus, "q");
    EXPECT_EQ(depth.in_flight, 10U);
    EXPECT_EQ(depth.waiting, 10U);
    EXPECT_GT(depth.oldest_age.count(), 0);
}

TEST_P(Consuming, WantsADeclaredQueue) {
    auto bus = open();
    const auto consumer = bus->consume("nowhere", [](std::shared_ptr<Batch>) {});
    ASSERT_FALSE(consumer.has_value());
    EXPECT_EQ(consumer.error().code, ErrorCode::kNotFound);
    EXPECT_EQ(consumer.error().message, "bus: queue \"nowhere\" was not declared");
    EXPECT_EQ(bus->redrive("nowhere", {}).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(bus->dead_letters("nowhere", 1).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace loadgen::services::bus
