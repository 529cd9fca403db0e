// Several buses on one folder, as several processes have them.
#include <set>
#include <thread>

#include "tests/unit/services_bus/support.hpp"

namespace loadgen::services::bus {
namespace {

using namespace test;

class Sharing : public BusTest {};
INSTANTIATE_BUS_TESTS(Sharing);

TEST_P(Sharing, OnePublishesAndTheOtherConsumes) {
    auto here = open(hours(1));  // no sweep: the wake-up must cross
    auto there = open(hours(1));
    declare(*here, queue_named("q"));
    Recorder recorder;
    const auto consumer = consume(*here, "q", recorder);
    for (std::size_t i = 0; i < 50; ++i) {
        publish_numbered(*there, 1, i);
        ASSERT_TRUE(recorder.wait_for(i + 1)) << i;
    }
    EXPECT_TRUE(eventually([&] { return depth_of(*there, "q").in_flight == 0; }));
}

TEST_P(Sharing, RulesOfTheOtherCountAtOnce) {
    auto here = open(hours(1));
    auto there = open(hours(1));
    declare(*here, queue_named("first"));
    publish_numbered(*there, 1);
    declare(*here, queue_named("second"));
    publish_numbered(*there, 1, 1);
    EXPECT_EQ(depth_of(*here, "first").waiting, 2U);
    EXPECT_EQ(depth_of(*here, "second").waiting, 1U);
}

TEST_P(Sharing, ALostWakeUpIsFoundByTheSweep) {
    auto here = open(milliseconds(20));
    declare(*here, queue_named("q"));
    Recorder recorder;
    const auto consumer = consume(*here, "q", recorder);
    std::filesystem::remove(folder() + "/bus.wake");  // the next bus wakes through another file: nobody
    auto there = open(hours(1));
    publish_numbered(*there, 3);
    EXPECT_TRUE(recorder.wait_for(3));
}

TEST_P(Sharing, ConsumersShareWithoutDoubleDelivery) {
    constexpr std::size_t kEvents = 2000;
    std::vector<std::unique_ptr<Bus>> buses;
    for (int i = 0; i < 3; ++i) buses.push_back(open());
    declare(*buses[0], queue_named("q"));
    std::vector<std::unique_ptr<Recorder>> recorders;
    std::vector<std::unique_ptr<Consumer>> consumers;
    for (int i = 0; i < 6; ++i) {
        recorders.push_back(std::make_unique<Recorder>());
        consumers.push_back(consume(*buses[static_cast<std::size_t>(i) % 3], "q", *recorders.back()));
    }
    std::vector<std::thread> publishers;
    for (std::size_t i = 0; i < 2; ++i) {
        publishers.emplace_back([&, i] {
            for (std::size_t k = 0; k < kEvents / 2; k += 20) {
                publish_numbered(*buses[i], 20, i * kEvents / 2 + k);
            }
        });
    }
    for (std::thread& publisher : publishers) publisher.join();
    const auto settled = [&] {
        std::uint64_t sum = 0;
        for (const auto& bus : buses) sum += bus->counters().settled;
        return sum;
    };
    ASSERT_TRUE(eventually([&] { return settled() == kEvents; }));
    std::multiset<std::string> seen;
    for (const auto& recorder : recorders) {
        const auto ids = recorder->ids();
        seen.insert(ids.begin(), ids.end());
    }
    EXPECT_EQ(seen.size(), kEvents);
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), kEvents);
}

TEST_P(Sharing, AFailureInOneIsRetriedByTheOther) {
    auto here = open(hours(1));
    auto there = open(hours(1));
    declare(*here, queue_named("q"));
    publish_numbered(*here, 1);
    Recorder fails(Recorder::Mode::kKeep);
    auto failing = consume(*here, "q", fails);
    ASSERT_TRUE(fails.wait_for(1));
    Recorder works;
    const auto working = consume(*there, "q", works);
    failing->stop();
    const std::size_t all[] = {0};
    fails.take_kept()->settle(all);
    ASSERT_TRUE(works.wait_for(1));
    EXPECT_EQ(works.deliveries().front().receives, 2);
}

}  // namespace
}  // namespace loadgen::services::bus
