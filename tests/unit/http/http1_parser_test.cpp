#include "common/http/http1_parser.hpp"

#include <gtest/gtest.h>

#include "tests/support/alloc_counter.hpp"
#include "tests/support/http1_cases.hpp"

namespace loadgen::http {
namespace {

using test::Http1Case;

const std::vector<Http1Case>& cases() {
    static const auto read = test::read_http1_cases(LOADGEN_SOURCE_DIR "/tests/data/http1");
    return read;
}

class Http1Cases : public testing::TestWithParam<std::size_t> {
  protected:
    const Http1Case& c() const { return cases()[GetParam()]; }
    std::string where() const { return c().file + ":" + std::to_string(c().line) + ": " + c().name; }
};

TEST_P(Http1Cases, InOnePiece) {
    EXPECT_EQ(test::trace(c().stream), c().events) << where();
}

TEST_P(Http1Cases, SplitAnywhere) {
    for (std::size_t split = 0; split <= c().stream.bytes.size(); ++split) {
        ASSERT_EQ(test::trace(c().stream, {split}), c().events) << where() << ", split at " << split;
    }
}

TEST_P(Http1Cases, InThreePieces) {
    const std::size_t size = c().stream.bytes.size();
    for (std::size_t split = 0; split + 3 <= size; ++split) {
        ASSERT_EQ(test::trace(c().stream, {split, split + 3}), c().events)
            << where() << ", split at " << split;
    }
}

TEST_P(Http1Cases, ByteByByte) {
    std::vector<std::size_t> splits;
    for (std::size_t split = 1; split < c().stream.bytes.size(); ++split) splits.push_back(split);
    EXPECT_EQ(test::trace(c().stream, splits), c().events) << where();
}

INSTANTIATE_TEST_SUITE_P(Data, Http1Cases, testing::Range(std::size_t{0}, cases().size()));

TEST(Http1Data, HasTheCases) {
    EXPECT_GT(cases().size(), 100U);
}

/// Counts, and does to the parser what the test asks for.
class Probe : public Http1Events {
  public:
    void on_head(const Http1Head& head) override {
        ++heads;
        status = head.status;
        fields += head.headers.size();
        idle_in_head = parser->idle();
        if (pause_in_head) parser->pause();
    }
    void on_body(std::string_view bytes) override { body += bytes.size(); }
    void on_message_end() override {
        ++ends;
        idle_at_end = parser->idle();
        if (pause_at_end) parser->pause();
    }

    Http1Parser* parser = nullptr;
    int heads = 0;
    int ends = 0;
    int status = 0;
    std::size_t fields = 0;
    std::size_t body = 0;
    bool pause_in_head = false;
    bool pause_at_end = false;
    bool idle_in_head = true;
    bool idle_at_end = false;
};

constexpr std::string_view kResponse =
    "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Sat, 21 Nov 2026 01:40:02 GMT\r\n"
    "Content-Type: application/json; charset=utf-8\r\nContent-Length: 27\r\nConnection: keep-alive\r\n"
    "Cache-Control: no-store\r\nX-Request-Id: 4bf92f3577b34da6a3ce929d0e0e4736\r\nVary: Accept-Encoding\r\n"
    "\r\n{\"message\":\"hello world!!\"}";

struct Http1ParserTest : testing::Test {
    Http1ParserTest() { probe.parser = &parser; }
    Probe probe;
    Http1Parser parser{Http1Parser::Mode::kResponse, probe};
};

TEST_F(Http1ParserTest, IsIdleBetweenMessagesOnly) {
    EXPECT_TRUE(parser.idle());
    parser.feed("H");
    EXPECT_TRUE(parser.started());
    parser.feed(kResponse.substr(1, kResponse.size() - 2));
    EXPECT_FALSE(probe.idle_in_head);
    EXPECT_FALSE(parser.idle());
    parser.feed("}");
    EXPECT_TRUE(probe.idle_at_end);
    EXPECT_TRUE(parser.idle());
}

TEST_F(Http1ParserTest, PausesBehindAMessageAndLeavesTheNextOne) {
    probe.pause_at_end = true;
    const std::string two = std::string(kResponse) + std::string(kResponse);
    EXPECT_EQ(parser.feed(two), kResponse.size());
    EXPECT_EQ(probe.ends, 1);
    EXPECT_EQ(parser.feed(kResponse), 0U);
    parser.resume();
    EXPECT_EQ(parser.feed(kResponse), kResponse.size());
    EXPECT_EQ(probe.ends, 2);
}

TEST_F(Http1ParserTest, OwesTheEndOfAMessageThatWasPausedInItsHead) {
    probe.pause_in_head = true;
    constexpr std::string_view kEmpty = "HTTP/1.1 204 No Content\r\n\r\n";
    EXPECT_EQ(parser.feed(kEmpty), kEmpty.size());
    EXPECT_EQ(probe.ends, 0);
    EXPECT_FALSE(parser.idle());
    parser.resume();
    EXPECT_EQ(parser.feed({}), 0U);
    EXPECT_EQ(probe.ends, 1);
}

TEST_F(Http1ParserTest, StopsAtAnErrorForGood) {
    parser.feed("nonsense\r\n");
    EXPECT_EQ(parser.error(), Http1Error::kBadStartLine);
    EXPECT_EQ(parser.feed(kResponse), 0U);
    EXPECT_EQ(probe.heads, 0);
}

TEST_F(Http1ParserTest, ResetForgetsEverything) {
    parser.expect(Http1Parser::Method::kHead);
    parser.feed("HTTP/1.1 200 OK\r\nContent-Le");
    parser.reset();
    EXPECT_TRUE(parser.idle());
    EXPECT_EQ(parser.feed(kResponse), kResponse.size());
    EXPECT_EQ(probe.ends, 1);
    EXPECT_EQ(probe.body, 27U);
    parser.feed("x");
    EXPECT_NE(parser.error(), Http1Error::kNone);
    parser.reset();
    EXPECT_EQ(parser.error(), Http1Error::kNone);
    EXPECT_EQ(parser.feed(kResponse), kResponse.size());
    EXPECT_EQ(probe.ends, 2);
}

TEST_F(Http1ParserTest, AllocatesNothingForResponsesInOnePiece) {
    const test::AllocationScope scope;
    for (int i = 0; i < 10'000; ++i) parser.feed(kResponse);
    EXPECT_EQ(scope.count(), 0U);
    EXPECT_EQ(probe.ends, 10'000);
    EXPECT_EQ(probe.fields, 80'000U);
}

TEST_F(Http1ParserTest, AllocatesOneBufferForResponsesSplitInTheHead) {
    const auto feed_split = [&](std::size_t split) {
        parser.feed(kResponse.substr(0, split));
        parser.feed(kResponse.substr(split));
    };
    feed_split(100);
    const test::AllocationScope scope;
    for (std::size_t i = 0; i < 10'000; ++i) feed_split(1 + i % (kResponse.size() - 1));
    EXPECT_EQ(scope.count(), 0U);
    EXPECT_EQ(probe.ends, 10'001);
}

TEST_F(Http1ParserTest, KeepsNoLargeBuffer) {
    const std::string large = "HTTP/1.1 204 No Content\r\nA: " + std::string(20'000, 'a') + "\r\n\r\n";
    for (int i = 0; i < 2; ++i) {
        const test::AllocationScope scope;
        parser.feed(std::string_view(large).substr(0, 10'000));
        parser.feed(std::string_view(large).substr(10'000));
        // Were it kept, the second time would allocate nothing.
        EXPECT_GT(scope.count(), 0U);
    }
    EXPECT_EQ(probe.ends, 2);
}

TEST(Http1Parser, IsSmallWhenIdle) {
    // With the 480 bytes of carry-over buffer that may be kept: below 600 bytes a connection.
    EXPECT_LE(sizeof(Http1Parser), 120U);
}

TEST(Http1Parser, EveryErrorHasASentence) {
    for (int error = 1; error <= static_cast<int>(Http1Error::kTruncated); ++error) {
        EXPECT_NE(http1_error_text(static_cast<Http1Error>(error)), "unknown error") << error;
    }
}

}  // namespace
}  // namespace loadgen::http
