// Thousands of events through queues whose consumers fail at random: in the end each is settled or dead, and
// the numbers add up.
#include <set>

#include "common/base/random.hpp"
#include "tests/unit/services_bus/support.hpp"

namespace loadgen::services::bus {
namespace {

using namespace test;

class Ledger : public BusTest {};
INSTANTIATE_BUS_TESTS(Ledger);

/// Fails events, forgets whole batches and settles late, as its seed says.
class Careless {
  public:
    explicit Careless(std::uint64_t seed) : random_(seed) {}

    BatchHandler handler() {
        return [this](std::shared_ptr<Batch> batch) { take(std::move(batch)); };
    }
    std::set<std::string> settled() {
        const std::lock_guard lock(mutex_);
        return settled_;
    }
    std::map<std::string, int> receives() {
        const std::lock_guard lock(mutex_);
        return receives_;
    }

  private:
    void take(std::shared_ptr<Batch> batch) {
        const std::lock_guard lock(mutex_);
        for (const Delivery& delivery : batch->deliveries()) {
            int& most = receives_[delivery.id];
            most = std::max(most, delivery.receives);
        }
        const std::uint64_t dice = random_.below(10);
        if (dice == 0) return;  // forgotten: it comes again after the visibility timeout
        late_.push_back(std::move(batch));
        if (dice < 3) return;  // settled with a later one
        for (const auto& waiting : std::exchange(late_, {})) settle(*waiting);
    }
    void settle(Batch& batch) {
        std::vector<std::size_t> failed;
        for (std::size_t i = 0; i < batch.deliveries().size(); ++i) {
            if (random_.below(4) == 0) {
                failed.push_back(i);
            } else {
                settled_.insert(batch.deliveries()[i].id);
            }
        }
        batch.settle(failed, milliseconds(random_.below(3)));
    }

    std::mutex mutex_;
    Random random_;
    std::set<std::string> settled_;
    std::map<std::string, int> receives_;
    std::vector<std::shared_ptr<Batch>> late_;
};

TEST_P(Ledger, EveryEventIsSettledOrDead) {
    constexpr std::size_t kEvents = 3000;
    const std::uint64_t seed = 20250101;
    auto here = open();
    auto there = open();
    QueueSettings queue = queue_named("q");
    queue.visibility_timeout = milliseconds(300);
    declare(*here, queue);
    Careless first(seed);
    Careless second(seed + 1);
    const auto one = here->consume("q", first.handler());
    const auto two = there->consume("q", second.handler());
    ASSERT_TRUE(one.has_value() && two.has_value());
    for (std::size_t i = 0; i < kEvents; i += 50) publish_numbered(i % 100 == 0 ? *here : *there, 50, i);
    ASSERT_TRUE(eventually([&] {
        const QueueDepth depth = depth_of(*here, "q");
        return depth.waiting + depth.in_flight == 0;
    })) << "seed "
        << seed;
    const auto letters = here->dead_letters("q", kEvents);
    ASSERT_TRUE(letters.has_value());
    const auto sum = [&](std::uint64_t BusCounters::*member) {
        return here->counters().*member + there->counters().*member;
    };
    EXPECT_TRUE(eventually([&] {  // the counts follow the commits
        return sum(&BusCounters::settled) + sum(&BusCounters::dead) == kEvents;
    })) << sum(&BusCounters::settled)
        << " settled, " << sum(&BusCounters::dead) << " dead, seed " << seed;
    EXPECT_EQ(sum(&BusCounters::published), kEvents);
    EXPECT_EQ(sum(&BusCounters::copies), kEvents);
    EXPECT_EQ(sum(&BusCounters::dead), letters->size());
    EXPECT_GT(letters->size(), 0U);
    std::set<std::string> ended = first.settled();
    ended.merge(second.settled());
    for (const DeadLetter& letter : *letters) {
        EXPECT_EQ(letter.receives, 3) << letter.id;
        ended.insert(letter.id);
    }
    EXPECT_EQ(ended.size(), kEvents) << "seed " << seed;
    for (const auto& [id, receives] : first.receives()) EXPECT_LE(receives, 3) << id;
}

}  // namespace
}  // namespace loadgen::services::bus
