// Expected bytes after the event stream grammar and the examples of the HTML standard, section 9.2.
#include "services/platform/sse.hpp"

#include <gtest/gtest.h>

namespace loadgen::services::platform {
namespace {

std::string event(const ServerEvent& what) {
    std::string out;
    append_event(out, what);
    return out;
}

TEST(ServerEvents, AreFieldsAndAnEmptyLine) {
    EXPECT_EQ(event({.data = "first event", .id = "1"}), "id: 1\ndata: first event\n\n");
    EXPECT_EQ(event({.data = "73857293", .event = "add"}), "event: add\ndata: 73857293\n\n");
    EXPECT_EQ(event({.data = ""}), "data: \n\n");
}

TEST(ServerEvents, EveryLineIsAFieldOfItsOwn) {
    EXPECT_EQ(event({.data = "YHOO\n+2\n10"}), "data: YHOO\ndata: +2\ndata: 10\n\n");
    EXPECT_EQ(event({.data = "a\r\nb\rc\n"}), "data: a\ndata: b\ndata: c\ndata: \n\n");
    EXPECT_EQ(event({.data = " leading"}), "data:  leading\n\n");  // clients take one space off
}

TEST(ServerEvents, NothingGetsOutOfItsField) {
    EXPECT_EQ(event({.data = "x", .id = "1\ndata: forged", .event = "a\r\n\r\ndata: forged"}),
              "id: 1\nevent: a\ndata: x\n\n");
    EXPECT_EQ(event({.data = "x", .id = std::string_view("1\0002", 3)}), "id: 12\ndata: x\n\n");
    EXPECT_EQ(event({.data = "x", .id = "\n1"}), "data: x\n\n");
}

TEST(ServerEvents, CommentsAndRetry) {
    std::string out;
    append_comment(out);
    append_comment(out, "still\nhere");
    append_retry(out, 1500);
    EXPECT_EQ(out, ":\n\n: still\n: here\n\nretry: 1500\n\n");
}

TEST(ServerEvents, TheLastIdComesFromItsField) {
    http::Request request;
    EXPECT_EQ(last_event_id(request), std::nullopt);
    request.headers = {{"Last-Event-ID", "42"}};
    EXPECT_EQ(last_event_id(request), "42");
    request.headers = {{"last-event-id", ""}};
    EXPECT_EQ(last_event_id(request), std::nullopt);
    request.headers = {{"last-event-id", std::string(257, '1')}};
    EXPECT_EQ(last_event_id(request), std::nullopt);
}

}  // namespace
}  // namespace loadgen::services::platform
