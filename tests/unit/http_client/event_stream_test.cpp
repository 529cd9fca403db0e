#include "common/http/event_stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace loadgen::http {
namespace {

using testing::ElementsAre;

/// "type|data|id" for each event, "retry 5", "# comment".
class Record final : public EventStreamEvents {
  public:
    void on_event(const StreamEvent& event) override {
        seen.push_back(std::string(event.type) + "|" + std::string(event.data) + "|" + std::string(event.id));
    }
    void on_retry(std::uint32_t milliseconds) override {
        seen.push_back("retry " + std::to_string(milliseconds));
    }
    void on_comment(std::string_view text) override { seen.push_back("#" + std::string(text)); }

    std::vector<std::string> seen;
};

std::vector<std::string> parsed(std::string_view stream, std::size_t piece = std::string_view::npos) {
    Record record;
    EventStreamParser parser(record);
    while (!stream.empty()) {
        const auto fed = parser.feed(stream.substr(0, piece));
        if (!fed) record.seen.push_back("error: " + fed.error().message);
        stream.remove_prefix(std::min(piece, stream.size()));
    }
    return record.seen;
}

// The examples of WHATWG HTML section 9.2.6.
TEST(EventStream, FollowsTheExamplesOfTheStandard) {
    EXPECT_THAT(parsed("data: YHOO\ndata: +2\ndata: 10\n\n"), ElementsAre("message|YHOO\n+2\n10|"));
    EXPECT_THAT(
        parsed(
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n"),
        ElementsAre("# test stream", "message|first event|1", "message|second event|",
                    "message| third event|"));
    EXPECT_THAT(parsed("data\n\ndata\ndata\n\ndata:"), ElementsAre("message||", "message|\n|"));
    EXPECT_THAT(parsed("data:test\n\ndata: test\n\n"), ElementsAre("message|test|", "message|test|"));
}

TEST(EventStream, TakesEveryLineEndAndPiece) {
    constexpr std::string_view kStream =
        "\xef\xbb\xbf"
        "event: add\r\ndata: 73857293\r\n\r\nevent: remove\rdata: 2153\rid: 7\r\rdata: \xef\xbb\xbf "
        "113411\n\n";
    const auto whole = parsed(kStream);
    EXPECT_THAT(whole, ElementsAre("add|73857293|", "remove|2153|7", "message|\xef\xbb\xbf 113411|7"));
    for (std::size_t piece = 1; piece < 20; ++piece) EXPECT_EQ(parsed(kStream, piece), whole) << piece;
}

TEST(EventStream, IgnoresWhatMeansNothing) {
    EXPECT_THAT(parsed("Data: x\nfoo: y\n data: z\nretry: 1x\nretry\nretry: \n\n"), ElementsAre());
    EXPECT_THAT(parsed("event: lost\n\ndata: x\n\n"), ElementsAre("message|x|"))
        << "an event without data is none";
    EXPECT_THAT(parsed(std::string_view("id: a\0b\ndata: x\n\n", 17)), ElementsAre("message|x|"));
    EXPECT_THAT(parsed("retry: 3000\nretry: 99999999999999999999\n"),
                ElementsAre("retry 3000", "retry 4294967295"));
    EXPECT_THAT(parsed("data: cut off\n"), ElementsAre());
}

TEST(EventStream, KeepsTheLastId) {
    Record record;
    EventStreamParser parser(record);
    ASSERT_TRUE(parser.feed("id: 1\ndata: x\n\nid: 2\n"));
    EXPECT_EQ(parser.last_event_id(), "1");
    ASSERT_TRUE(parser.feed("\n"));
    EXPECT_EQ(parser.last_event_id(), "2") << "an id without data counts too";
}

TEST(EventStream, HasLimits) {
    Record record;
    EventStreamParser lines(record, {.max_line_bytes = 10, .max_event_bytes = 100});
    ASSERT_TRUE(lines.feed("data: 1234\n\n:"));
    auto fed = lines.feed("1234567890\n");
    ASSERT_FALSE(fed);
    EXPECT_EQ(fed.error().message, "event stream: line 3 is longer than 10 bytes");
    EXPECT_EQ(fed.error().code, ErrorCode::kLimit);
    EXPECT_FALSE(lines.feed("\n")) << "it stays broken";

    EventStreamParser events(record, {.max_line_bytes = 100, .max_event_bytes = 8});
    ASSERT_TRUE(events.feed("data: 12345678\n\n\ndata: 1234\n"));
    fed = events.feed("data: 5678\n");
    ASSERT_FALSE(fed);
    EXPECT_EQ(fed.error().message, "event stream: the event with data from line 4 on is longer than 8 bytes");
    EXPECT_THAT(record.seen, ElementsAre("message|1234|", "message|12345678|"));
}

}  // namespace
}  // namespace loadgen::http
