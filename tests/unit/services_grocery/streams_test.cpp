// What waits for commits: event streams and long polls over real sockets, in one process and between two.
#include <gmock/gmock.h>

#include <algorithm>
#include <future>

#include "tests/unit/services_grocery/contract.hpp"

namespace loadgen::services::grocery::test {
namespace {

class Streams : public RouteTest {
  protected:
    Streams() : RouteTest("grocery-lists"), ann_(token_of("7")), bob_(token_of("8")) {}

    void SetUp() override {
        ASSERT_EQ(send("POST", "/lists", ann_, R"({"listId":"live","name":"Week"})").status, 201);
        ASSERT_EQ(send("POST", "/lists/live/members", ann_, R"({"userId":"8"})").status, 201);
    }
    void add_item(const std::string& id) {
        ASSERT_EQ(
            send("POST", "/lists/live/items", ann_, R"({"name":"Kaas","itemId":")" + id + R"("})").status,
            201);
    }
    std::uint16_t port() { return services().port("grocery-lists"); }

    const std::string ann_;
    const std::string bob_;
};

TEST_F(Streams, AnotherMemberSeesAChange) {
    EventStream stream(port(), "/lists/live/stream", bob_);
    ASSERT_TRUE(stream.wait_for("retry: 1000"));
    EXPECT_THAT(stream.received(), ::testing::HasSubstr("text/event-stream"));
    add_item("i1");
    ASSERT_TRUE(stream.wait_for("\"itemId\":\"i1\"")) << stream.received();
    EXPECT_THAT(stream.received(), ::testing::HasSubstr("event: itemAdded"));
    EXPECT_THAT(stream.received(), ::testing::HasSubstr("id: 3\n"));
    add_item("i2");
    EXPECT_TRUE(stream.wait_for("id: 4\n")) << stream.received();
}

TEST_F(Streams, GoOnBehindTheLastEvent) {
    add_item("i1");
    add_item("i2");
    EventStream stream(port(), "/lists/live/stream", bob_, "3");
    ASSERT_TRUE(stream.wait_for("id: 4\n")) << stream.received();
    EXPECT_THAT(stream.received(), ::testing::Not(::testing::HasSubstr("id: 3\n")));
    EventStream since(port(), "/lists/live/stream?since=2", bob_);
    ASSERT_TRUE(since.wait_for("id: 4\n"));
    EXPECT_THAT(since.received(), ::testing::HasSubstr("id: 3\n"));
    EventStream bad(port(), "/lists/live/stream", bob_, "x1");
    EXPECT_TRUE(bad.wait_for("400 Bad Request"));
    EventStream ahead(port(), "/lists/live/stream", bob_, "99");
    EXPECT_TRUE(ahead.wait_for("event: reset")) << ahead.received();
}

TEST_F(Streams, EndForWhoIsNoMemberAnyMore) {
    EventStream stream(port(), "/lists/live/stream", bob_);
    ASSERT_TRUE(stream.wait_for("retry: 1000"));
    ASSERT_EQ(send("DELETE", "/lists/live/members/8", ann_).status, 204);
    EXPECT_TRUE(stream.wait_for("event: closed")) << stream.received();
    EXPECT_TRUE(stream.wait_for_end());
    EXPECT_THAT(stream.received(), ::testing::Not(::testing::HasSubstr("memberRemoved")));
}

TEST_F(Streams, EndWithTheirList) {
    EventStream stream(port(), "/lists/live/stream", bob_);
    ASSERT_TRUE(stream.wait_for("retry: 1000"));
    ASSERT_EQ(send("DELETE", "/lists/live", ann_).status, 204);
    EXPECT_TRUE(stream.wait_for("list not found")) << stream.received();
    EXPECT_TRUE(stream.wait_for_end());
}

TEST_F(Streams, LongPollsAnswerWhenSomethingHappens) {
    auto poll = std::async(std::launch::async, [&] {
        Client other;
        return other.send("GET", services().url("grocery-lists") + "/lists/live/changes?since=2&wait=30",
                          bob_);
    });
    add_item("i1");
    const Answer answer = poll.get();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(member(answer.body, "version"), "3");
    EXPECT_EQ(member(answer.body, "changes.0.itemId"), "i1");
}

TEST_F(Streams, LongPollsAnswerWhenNothingHappens) {
    const Answer answer = get("/lists/live/changes?since=2&wait=1", bob_);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"version":2,"changes":[]})");
}

TEST_F(Streams, ChangesOfAnotherProcessArrive) {
    // A second host on the same folder and port is what a rolling restart has for a while: other connections
    // to the same database, and a share of the same queues. The system deals new connections to both.
    constexpr int kItems = 32;
    const LiveServices other(folder(), true, {"grocery-lists"}, port());
    EventStream stream(port(), "/lists/live/stream", bob_);
    ASSERT_TRUE(stream.wait_for("retry: 1000"));
    for (int at = 0; at < kItems; ++at) {
        const std::string item = R"({"itemId":"x)" + std::to_string(at) + R"(","name":"Melk"})";
        Client client;
        const Answer answer =
            client.send("POST", other.url("grocery-lists") + "/lists/live/items", ann_, item);
        ASSERT_EQ(answer.status, 201);
    }
    for (int at = 0; at < kItems; ++at) {
        EXPECT_TRUE(stream.wait_for("\"itemId\":\"x" + std::to_string(at) + '"')) << stream.received();
    }
}

TEST_F(Streams, AHundredChangesComeInOrder) {
    EventStream stream(port(), "/lists/live/stream", bob_);
    ASSERT_TRUE(stream.wait_for("retry: 1000"));
    for (int at = 0; at < 100; ++at) add_item("i" + std::to_string(at));
    ASSERT_TRUE(stream.wait_for("id: 102\n"));
    std::size_t place = 0;
    for (int version = 3; version <= 102; ++version) {
        place = stream.received().find("id: " + std::to_string(version) + "\n", place);
        ASSERT_NE(place, std::string::npos) << version;
    }
}

/// The target: another member sees a change within a second (p95). Recorded, not judged: machines differ.
TEST_F(Streams, RecordHowSoonAChangeIsSeen) {
    EventStream stream(port(), "/lists/live/stream", bob_);
    ASSERT_TRUE(stream.wait_for("retry: 1000"));
    std::vector<double> waits_ms;
    for (int at = 0; at < 40; ++at) {
        const Instant before = system_clock().now();
        add_item("i" + std::to_string(at));
        ASSERT_TRUE(stream.wait_for("\"itemId\":\"i" + std::to_string(at) + "\""));
        waits_ms.push_back(static_cast<double>((system_clock().now() - before).count()) / 1e6);
    }
    std::sort(waits_ms.begin(), waits_ms.end());
    RecordProperty("seen_p50_ms", std::to_string(waits_ms[20]));
    RecordProperty("seen_p95_ms", std::to_string(waits_ms[38]));
}

}  // namespace
}  // namespace loadgen::services::grocery::test
