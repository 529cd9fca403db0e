// What goes in: rules, duplicates, all or nothing, limits.
#include "common/base/uuid.hpp"
#include "common/text/json_reader.hpp"
#include "services/contracts/event.hpp"
#include "tests/unit/services_bus/support.hpp"

namespace loadgen::services::bus {
namespace {

using namespace test;

class Publishing : public BusTest {};
INSTANTIATE_BUS_TESTS(Publishing);

TEST_P(Publishing, PutsACopyIntoEachQueueThatAsked) {
    auto bus = open();
    QueueSettings both = queue_named("both");
    both.rules = {{.types = {"a.v1", "b.v1"}, .sources = {"dev.x"}}, {.types = {"a.v1"}, .sources = {}}};
    QueueSettings all = queue_named("all");
    all.rules = {{}};
    QueueSettings none = queue_named("none");
    none.rules = {};
    for (const QueueSettings& queue : {both, all, none}) declare(*bus, queue);
    ASSERT_TRUE(publish(*bus, {event("1", "a.v1", "dev.x"), event("2", "b.v1", "dev.x"),
                               event("3", "a.v1", "dev.y"), event("4", "b.v1", "dev.y")}));
    Recorder in_both;
    Recorder in_all;
    const auto first = consume(*bus, "both", in_both);
    const auto second = consume(*bus, "all", in_all);
    ASSERT_TRUE(in_both.wait_for(3) && in_all.wait_for(4));
    EXPECT_EQ(in_both.ids(), (std::vector<std::string>{"1", "2", "3"}));
    EXPECT_EQ(in_all.ids(), (std::vector<std::string>{"1", "2", "3", "4"}));
    EXPECT_EQ(depth_of(*bus, "none").waiting, 0U);
}

TEST_P(Publishing, CountsWhatNobodyWants) {
    auto bus = open();
    declare(*bus, queue_named("q"));
    ASSERT_TRUE(publish(*bus, {event("1"), event("2", "other.v1")}));
    ASSERT_TRUE(publish(*bus, {event("1")}));
    const BusCounters counters = bus->counters();
    EXPECT_EQ(counters.published, 3U);
    EXPECT_EQ(counters.copies, 1U);
    EXPECT_EQ(counters.unrouted, 1U);
    EXPECT_EQ(counters.duplicates, 1U);
}

TEST_P(Publishing, WritesTheMessageOfTheContracts) {
    auto bus = open();
    declare(*bus, queue_named("q"));
    ASSERT_TRUE(publish(*bus, {event("1")}));
    Recorder recorder;
    const auto consumer = consume(*bus, "q", recorder);
    ASSERT_TRUE(recorder.wait_for(1));
    const Delivery delivery = recorder.deliveries().front();
    EXPECT_EQ(delivery.type, "t.v1");
    EXPECT_EQ(delivery.source, "dev.s");
    EXPECT_EQ(delivery.receives, 1);
    const auto read = contracts::read_message(delivery.body);
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_EQ(read->id, "1");
    EXPECT_EQ(read->type, "t.v1");
    EXPECT_EQ(read->source, "dev.s");
    EXPECT_NEAR(static_cast<double>(read->time.unix_ns), static_cast<double>(delivery.enqueued.unix_ns), 1e9);
    text::JsonDocument document;
    const auto root = document.parse(delivery.body);
    ASSERT_TRUE(root.has_value());
    const auto id = root->find("id")->as_string();
    EXPECT_TRUE(id && is_uuid(*id)) << delivery.body;
}

TEST_P(Publishing, KeepsOneCopyOfAnEventWhileItIsHeld) {
    auto bus = open();
    declare(*bus, queue_named("q"));
    ASSERT_TRUE(publish(*bus, {event("1"), event("1")}));
    ASSERT_TRUE(publish(*bus, {event("1")}));
    Recorder recorder(Recorder::Mode::kKeep);
    const auto consumer = consume(*bus, "q", recorder);
    ASSERT_TRUE(recorder.wait_for(1));
    ASSERT_TRUE(publish(*bus, {event("1")}));  // in flight is held, too
    EXPECT_EQ(bus->counters().duplicates, 3U);
    recorder.take_kept()->settle({});
    ASSERT_TRUE(eventually([&] { return bus->counters().settled == 1; }));
    ASSERT_TRUE(publish(*bus, {event("1")}));
    ASSERT_TRUE(recorder.wait_for(2));
    EXPECT_EQ(recorder.deliveries()[1].receives, 1);
}

TEST_P(Publishing, TakesAllOrNothing) {
    auto bus = open();
    declare(*bus, queue_named("q"));
    Publication bad = event("2");
    bad.detail = "[]";
    const auto done = publish(*bus, {event("1"), bad});
    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(done.error().code, ErrorCode::kUsage);
    EXPECT_EQ(done.error().message, "bus: the detail of event 2 is no JSON object");
    EXPECT_EQ(depth_of(*bus, "q").waiting, 0U);
    EXPECT_EQ(bus->counters().published, 0U);
    EXPECT_TRUE(publish(*bus, {}).has_value());
}

TEST_P(Publishing, RefusesWhatIsTooLarge) {
    auto bus = open();
    Publication large = event("1");
    large.detail = "{\"x\":\"" + std::string(300 * 1024, 'x') + "\"}";
    EXPECT_EQ(publish(*bus, {large}).error().message,
              "bus: the detail of event 1 has 307208 bytes, allowed are 261120");
    EXPECT_EQ(publish(*bus, {event("")}).error().message,
              "bus: the id of an event has 0 bytes, allowed are 1 to 256");
    EXPECT_EQ(publish(*bus, std::vector<Publication>(1025, event("1"))).error().message,
              "bus: 1025 events at once, allowed are 1024");
    QueueSettings queue = queue_named("q");
    queue.batch_size = 0;
    EXPECT_EQ(bus->declare(queue).error().message, "bus: queue q: batch size 0, allowed are 1 to 1000");
}

TEST_P(Publishing, ADeclarationCountsFromTheNextEventOn) {
    auto bus = open();
    QueueSettings queue = queue_named("q");
    declare(*bus, queue);
    ASSERT_TRUE(publish(*bus, {event("1"), event("2", "later.v1")}));
    queue.rules = {{.types = {"later.v1"}, .sources = {}}};
    declare(*bus, queue);
    ASSERT_TRUE(publish(*bus, {event("3"), event("4", "later.v1")}));
    Recorder recorder;
    const auto consumer = consume(*bus, "q", recorder);
    ASSERT_TRUE(recorder.wait_for(2));
    EXPECT_EQ(recorder.ids(), (std::vector<std::string>{"1", "4"}));
}

}  // namespace
}  // namespace loadgen::services::bus
