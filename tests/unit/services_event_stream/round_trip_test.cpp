#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/random.hpp"
#include "common/http/event_stream.hpp"
#include "services/platform/sse.hpp"

namespace loadgen {
namespace {

using services::platform::append_comment;
using services::platform::append_event;
using services::platform::append_retry;
using services::platform::ServerEvent;
using testing::ElementsAre;

class Record final : public http::EventStreamEvents {
  public:
    void on_event(const http::StreamEvent& event) override {
        seen.push_back(std::string(event.type) + "|" + std::string(event.data) + "|" + std::string(event.id));
    }
    void on_retry(std::uint32_t milliseconds) override {
        seen.push_back("retry " + std::to_string(milliseconds));
    }
    void on_comment(std::string_view text) override { seen.push_back("#" + std::string(text)); }

    std::vector<std::string> seen;
};

std::vector<std::string> read_back(const std::string& stream) {
    Record record;
    http::EventStreamParser parser(record);
    EXPECT_TRUE(parser.feed(stream));
    return record.seen;
}

TEST(EventStreamRoundTrip, EveryPartOfAnEventArrives) {
    std::string stream;
    append_retry(stream, 2500);
    append_event(stream, {.data = "{\"a\":1}", .id = "7", .event = "order.created"});
    append_comment(stream, "still here");
    append_comment(stream);
    append_event(stream, {.data = ""});
    append_event(stream, {.data = "one\ntwo\r\nthree\rfour\n"});
    append_event(stream, {.data = " : leading", .id = "new", .event = "e\nvent"});
    EXPECT_THAT(read_back(stream),
                ElementsAre("retry 2500", "order.created|{\"a\":1}|7", "# still here", "#", "message||7",
                            "message|one\ntwo\nthree\nfour\n|7", "e| : leading|new"));
}

/// Any data comes back, with line ends made one: the format has no other.
TEST(EventStreamRoundTrip, AnyDataArrives) {
    constexpr std::string_view kBytes("ab: \n\r\0\xc3\xbc", 9);
    Random random(1);
    for (int round = 0; round < 2000; ++round) {
        std::string data;
        for (std::uint64_t left = random.below(12); left > 0; --left)
            data += kBytes[random.below(kBytes.size())];
        std::string expected;
        for (std::size_t i = 0; i < data.size(); ++i) {
            if (data[i] == '\n' && i > 0 && data[i - 1] == '\r') continue;
            expected += data[i] == '\r' ? '\n' : data[i];
        }
        std::string stream;
        append_event(stream, {.data = data});
        EXPECT_THAT(read_back(stream), ElementsAre("message|" + expected + "|"));
    }
}

}  // namespace
}  // namespace loadgen
