#include "common/http/http1_writer.hpp"

#include <gtest/gtest.h>

#include "tests/support/http1_trace.hpp"

namespace loadgen::http {
namespace {

using Kind = BodyFraming::Kind;

TEST(Http1Writer, WritesARequestHead) {
    const Headers headers = {{"Accept", "*/*"}, {"X-Empty", ""}};
    std::string out;
    ASSERT_TRUE(append_request_head(out, {"GET", "/a?b", "h:81", headers, {}}));
    EXPECT_EQ(out, "GET /a?b HTTP/1.1\r\nHost: h:81\r\nAccept: */*\r\nX-Empty: \r\n\r\n");
}

TEST(Http1Writer, FramingIsItsOwnBusiness) {
    const Headers headers = {
        {"content-length", "7"}, {"Transfer-Encoding", "gzip"}, {"Connection", "close"}, {"host", "other"}};
    std::string out;
    ASSERT_TRUE(append_request_head(out, {"PUT", "/", "h", headers, {Kind::kLength, 3}}));
    EXPECT_EQ(out, "PUT / HTTP/1.1\r\nConnection: close\r\nhost: other\r\nContent-Length: 3\r\n\r\n");
}

TEST(Http1Writer, WritesAResponseHead) {
    const Headers headers = {{"Content-Type", "text/plain"}, {"Connection", "whatever"}};
    std::string out = "before|";
    ASSERT_TRUE(append_response_head(
        out, {404, headers, {Kind::kChunked, 0}, "Sat, 21 Nov 2026 01:40:02 GMT", "close"}));
    EXPECT_EQ(out,
              "before|HTTP/1.1 404 Not Found\r\nDate: Sat, 21 Nov 2026 01:40:02 GMT\r\n"
              "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
}

TEST(Http1Writer, WritesAStatusWithoutReason) {
    std::string out;
    ASSERT_TRUE(append_response_head(out, {599, {}, {}, {}, {}}));
    EXPECT_EQ(out, "HTTP/1.1 599 \r\n\r\n");
}

TEST(Http1Writer, WritesChunksThatTheParserReads) {
    test::Http1Stream stream;
    ASSERT_TRUE(append_response_head(stream.bytes, {200, {}, {Kind::kChunked, 0}, {}, {}}));
    append_chunk(stream.bytes, std::string(300, 'a'));
    append_chunk(stream.bytes, "");
    append_chunk(stream.bytes, "b");
    const Headers trailers = {{"X-Sum", "1"}};
    ASSERT_TRUE(append_last_chunk(stream.bytes, trailers));
    EXPECT_NE(stream.bytes.find("\r\n12c\r\naaa"), std::string::npos);
    EXPECT_EQ(test::trace(stream),
              "head 200 \"OK\" 1.1 keep-alive chunked\nfield Transfer-Encoding: chunked\n"
              "body \"" +
                  std::string(300, 'a') + "b\"\ntrailer X-Sum: 1\nend\n");
}

TEST(Http1Writer, RefusesWhatWouldSplitAMessage) {
    const std::string values[] = {"a\r\nX: y", "a\n", "a\r", std::string("a\0b", 3), "a\x7f", "\x01"};
    for (const std::string& value : values) {
        std::string out = "kept";
        const Headers headers = {{"X-Name", value}};
        const auto written = append_request_head(out, {"GET", "/", "h", headers, {}});
        ASSERT_FALSE(written) << test::escaped(value);
        EXPECT_EQ(
            written.error().message,
            "bad value of header \"X-Name\": control characters, CR, LF and NUL among them, are not allowed");
        EXPECT_EQ(out, "kept");
        EXPECT_FALSE(append_response_head(out, {200, headers, {}, {}, {}}));
        EXPECT_FALSE(append_last_chunk(out, headers));
        EXPECT_FALSE(append_request_head(out, {"GET", "/", value, {}, {}}));
        EXPECT_FALSE(append_request_head(out, {"GET", "/" + value, "h", {}, {}}));
        EXPECT_FALSE(append_request_head(out, {"GET" + value, "/", "h", {}, {}}));
        EXPECT_EQ(out, "kept");
    }
}

TEST(Http1Writer, RefusesWhatIsNoName) {
    for (const std::string name : {"", "a b", "a:", "a\r\n", "\xe9", "a\""}) {
        std::string out;
        const Headers headers = {{name, "x"}};
        const auto written = append_response_head(out, {200, headers, {}, {}, {}});
        ASSERT_FALSE(written) << name;
        EXPECT_TRUE(written.error().message.starts_with("bad header name \"")) << written.error().message;
        EXPECT_EQ(out, "");
    }
}

TEST(Http1Writer, RefusesTargetsThatAreNone) {
    for (const std::string target : {"", "/a b", "/\xc3\xa9", "/\t"}) {
        std::string out;
        const auto written = append_request_head(out, {"GET", target, "h", {}, {}});
        ASSERT_FALSE(written) << target;
        EXPECT_TRUE(written.error().message.ends_with("printable ASCII without spaces is allowed"));
    }
}

TEST(Http1Writer, RefusesAStatusOutOfRange) {
    std::string out;
    const auto written = append_response_head(out, {99, {}, {}, {}, {}});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().message, "bad status \"99\": 100 to 999 is allowed");
}

TEST(Http1Writer, AllowsBytesAbove127InValues) {
    EXPECT_TRUE(is_valid_field_value("caf\xc3\xa9 with a\ttab, longer than sixteen bytes"));
    EXPECT_FALSE(is_valid_field_value("longer than sixteen bytes and then\x1f"));
}

}  // namespace
}  // namespace loadgen::http
