#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "common/http/http2_preface.hpp"
#include "common/http/server_session.hpp"
#include "tests/support/http2_client.hpp"

namespace loadgen::http {
namespace {

using test::exchange;
using test::Http2Client;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int32_t kMaxId = 0x7fffffff;
constexpr std::uint32_t kCancel = 8;
constexpr std::uint32_t kRefusedStream = 7;

class Handler final : public RequestHandler {
  public:
    void on_request(ServerSession& session, StreamId id, Request&& request) override {
        last = std::move(request);
        waiting.push_back(id);
        if (!answer_now) return;
        waiting.pop_back();
        session.respond(id, {200, {{"X-Method", last.method}}, last.target + " " + last.body});
    }
    void on_cancel(ServerSession&, StreamId id) override { cancelled.push_back(id); }

    bool answer_now = true;
    Request last;
    std::vector<StreamId> waiting;
    std::vector<StreamId> cancelled;
};

struct Http2ServerTest : testing::Test {
    Handler handler;
    ServerOptions options;
    std::unique_ptr<ServerSession> session = make_server_session(handler, options);
    Http2Client client;

    void restart() { session = make_server_session(handler, options); }
};

TEST_F(Http2ServerTest, AnswersRequests) {
    const auto get = client.request("GET", "/x?y", {{"accept", "*/*"}});
    const auto put = client.request("PUT", "/z", {}, "body");
    exchange(client, *session);
    EXPECT_EQ(client.answer(get).status, 200);
    EXPECT_EQ(client.answer(get).body, "/x?y ");
    EXPECT_EQ(client.answer(get).headers, (Headers{{"x-method", "GET"}, {"content-length", "5"}}));
    EXPECT_TRUE(client.answer(get).closed);
    EXPECT_EQ(client.answer(put).body, "/z body");
    EXPECT_EQ(handler.last.version, Version::kHttp2);
    EXPECT_EQ(handler.last.scheme, "http");
    EXPECT_EQ(handler.last.authority, "example.test");
    EXPECT_TRUE(session->idle());
    EXPECT_FALSE(session->wants_close());
    EXPECT_FALSE(client.failed());
}

TEST_F(Http2ServerTest, TakesBytesOneByOne) {
    const auto id = client.request("POST", "/", {}, std::string(1000, 'a'));
    exchange(client, *session, 1);
    EXPECT_EQ(client.answer(id).body, "/ " + std::string(1000, 'a'));
}

TEST_F(Http2ServerTest, AnswersInAnyOrder) {
    handler.answer_now = false;
    const auto first = client.request("GET", "/1");
    const auto second = client.request("GET", "/2");
    exchange(client, *session);
    ASSERT_EQ(session->in_flight(), 2U);
    session->respond(handler.waiting[1], {201, {}, "two"});
    exchange(client, *session);
    EXPECT_EQ(client.answer(second).status, 201);
    EXPECT_FALSE(client.answer(first).closed);
    EXPECT_FALSE(session->idle());
    session->respond(handler.waiting[0], {202, {}, ""});
    session->respond(handler.waiting[0], {500, {}, "twice is ignored"});
    exchange(client, *session);
    EXPECT_EQ(client.answer(first).status, 202);
    EXPECT_EQ(session->in_flight(), 0U);
    EXPECT_TRUE(session->idle());
}

TEST_F(Http2ServerTest, BodilessAnswers) {
    const auto head = client.request("HEAD", "/x");
    exchange(client, *session);
    EXPECT_EQ(client.answer(head).body, "");
    EXPECT_EQ(find_header(client.answer(head).headers, "content-length")->value, "3");
    handler.answer_now = false;
    const auto none = client.request("DELETE", "/x");
    exchange(client, *session);
    session->respond(handler.waiting.back(), {204, {}, "not sent"});
    exchange(client, *session);
    EXPECT_EQ(client.answer(none).status, 204);
    EXPECT_EQ(client.answer(none).body, "");
    EXPECT_EQ(client.answer(none).headers, Headers{});
}

TEST_F(Http2ServerTest, LeavesOutWhatBelongsToAnHttp1Connection) {
    handler.answer_now = false;
    const auto id = client.request("GET", "/");
    exchange(client, *session);
    session->respond(handler.waiting.back(), {200,
                                              {{"Connection", "close"},
                                               {"Keep-Alive", "5"},
                                               {"Transfer-Encoding", "chunked"},
                                               {"Upgrade", "h2c"},
                                               {"Content-Length", "99"},
                                               {"X-Kept", " yes\t"}},
                                              "a"});
    exchange(client, *session);
    EXPECT_EQ(client.answer(id).headers, (Headers{{"x-kept", "yes"}, {"content-length", "1"}}));
    EXPECT_FALSE(client.failed());
}

TEST_F(Http2ServerTest, NeverSendsWhatAHandlerMayNotSay) {
    handler.answer_now = false;
    for (const Response& bad : {Response{200, {{"a", "b\r\nc: d"}}, ""}, Response{200, {{"", "b"}}, ""},
                                Response{200, {{":status", "200"}}, ""}, Response{100, {}, ""}}) {
        const auto id = client.request("GET", "/");
        exchange(client, *session);
        session->respond(handler.waiting.back(), bad);
        exchange(client, *session);
        EXPECT_EQ(client.answer(id).status, 500);
        EXPECT_FALSE(client.failed());
    }
    EXPECT_EQ(session->error(), "a handler's response could not be sent as HTTP");
}

TEST_F(Http2ServerTest, SendsTheDateItIsGiven) {
    options.date = [] { return std::string_view("Sat, 21 Nov 2026 01:40:02 GMT"); };
    restart();
    const auto id = client.request("GET", "/");
    exchange(client, *session);
    EXPECT_EQ(find_header(client.answer(id).headers, "date")->value, "Sat, 21 Nov 2026 01:40:02 GMT");
}

TEST_F(Http2ServerTest, MovesLargeBodiesBothWays) {
    options.max_body_bytes = 8U << 20;
    restart();
    std::string large(5U << 20, '\0');
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>('a' + i % 23);
    const auto one = client.request("PUT", "/1", {}, large);
    const auto two = client.request("PUT", "/2", {}, large);
    exchange(client, *session);
    EXPECT_EQ(client.answer(one).body, "/1 " + large);
    EXPECT_EQ(client.answer(two).body, "/2 " + large);
    EXPECT_TRUE(session->idle());
}

TEST_F(Http2ServerTest, WaitsForTheClientsCredit) {
    Http2Client slow(true);
    handler.answer_now = false;
    const auto id = slow.request("GET", "/");
    exchange(slow, *session);
    session->respond(handler.waiting.back(), {200, {}, std::string(1'000'000, 'a')});
    exchange(slow, *session);
    // The client's window is the protocol's default, 65 535 bytes, and it gives none back.
    EXPECT_EQ(slow.answer(id).body.size(), 65'535U);
    EXPECT_TRUE(session->output().empty());
    EXPECT_FALSE(session->idle());
    slow.release_credit();
    exchange(slow, *session);
    EXPECT_EQ(slow.answer(id).body.size(), 1'000'000U);
    EXPECT_TRUE(slow.answer(id).complete);
}

TEST_F(Http2ServerTest, MakesOutputInBatches) {
    options.max_body_bytes = 1 << 20;
    restart();
    exchange(client, *session);
    for (int i = 0; i < 50; ++i) client.request("PUT", "/", {}, std::string(1000, 'a'));
    session->feed(client.take_output());
    EXPECT_GT(session->output().size(), 50'000U);  // one write for fifty answers
    EXPECT_LT(session->output().size(), 90'000U);
}

TEST_F(Http2ServerTest, RefusesABodyThatIsAnnouncedTooLarge) {
    options.max_body_bytes = 1000;
    restart();
    const auto id = client.request("PUT", "/", {{"content-length", "1001"}}, std::string(1001, 'a'));
    exchange(client, *session);
    EXPECT_EQ(client.answer(id).status, 413);
    EXPECT_EQ(client.answer(id).body, "the body exceeds the size limit\n");
    EXPECT_EQ(client.answer(id).error_code, 0U);
    EXPECT_TRUE(handler.last.method.empty());
    EXPECT_TRUE(session->idle());
}

TEST_F(Http2ServerTest, RefusesABodyThatGrowsTooLarge) {
    options.max_body_bytes = 100'000;
    restart();
    const auto endless = client.request("PUT", "/", {}, std::string(200'000, 'a'), false);
    exchange(client, *session);
    EXPECT_EQ(client.answer(endless).status, 413);
    // Told to stop, without blame (RFC 9113 section 8.1).
    EXPECT_TRUE(client.answer(endless).closed);
    EXPECT_EQ(client.answer(endless).error_code, 0U);
    const auto next = client.request("GET", "/next");
    exchange(client, *session);
    EXPECT_EQ(client.answer(next).status, 200);
}

TEST_F(Http2ServerTest, BoundsTheSumOfUnfinishedBodies) {
    options.max_body_bytes = 10'000;
    options.max_buffered_bytes = 25'000;
    restart();
    std::vector<std::int32_t> ids;
    for (int i = 0; i < 4; ++i) ids.push_back(client.request("PUT", "/", {}, std::string(9'000, 'a'), false));
    exchange(client, *session);
    const auto refused =
        std::count_if(ids.begin(), ids.end(), [&](auto id) { return client.answer(id).status == 503; });
    EXPECT_EQ(refused, 2);
    for (const auto id : ids) client.reset(id, kCancel);
    exchange(client, *session);
    // The budget is free again.
    const auto id = client.request("PUT", "/", {}, std::string(9'000, 'a'));
    const auto other = client.request("PUT", "/", {}, std::string(9'000, 'a'));
    exchange(client, *session);
    EXPECT_EQ(client.answer(id).status, 200);
    EXPECT_EQ(client.answer(other).status, 200);
}

TEST_F(Http2ServerTest, RefusesAHeaderListThatIsTooLarge) {
    options.head.max_head_bytes = 2000;
    restart();
    const auto id = client.request("GET", "/", {{"x-large", std::string(3000, 'a')}});
    exchange(client, *session);
    EXPECT_EQ(client.answer(id).status, 431);
    const auto small = client.request("GET", "/", {{"x-small", std::string(1000, 'a')}});
    exchange(client, *session);
    EXPECT_EQ(client.answer(small).status, 200);
}

TEST_F(Http2ServerTest, RefusesTooManyHeaders) {
    options.head.max_headers = 10;
    restart();
    Headers headers;
    for (int i = 0; i < 11; ++i) headers.push_back({"x-" + std::to_string(i), "a"});
    const auto id = client.request("GET", "/", headers);
    exchange(client, *session);
    EXPECT_EQ(client.answer(id).status, 431);
}

TEST_F(Http2ServerTest, RefusesConnect) {
    // nghttp2's client would send :scheme and :path with it, which is malformed; the stream is reset.
    const auto id = client.request("CONNECT", "/");
    exchange(client, *session);
    EXPECT_TRUE(client.answer(id).closed);
    EXPECT_TRUE(handler.last.method.empty());
}

TEST_F(Http2ServerTest, ContinuesWhenTheBodyMayCome) {
    const auto id = client.request("PUT", "/", {{"expect", "100-continue"}}, "abc");
    exchange(client, *session);
    EXPECT_THAT(client.answer(id).interim, ElementsAre(100));
    EXPECT_EQ(client.answer(id).status, 200);
}

TEST_F(Http2ServerTest, RefusesStreamsBeyondTheLimit) {
    options.max_concurrent_streams = 3;
    restart();
    handler.answer_now = false;
    std::vector<std::int32_t> ids;
    for (int i = 0; i < 5; ++i) ids.push_back(client.request("GET", "/"));
    // All five leave before the client has seen the server's limit.
    exchange(client, *session);
    EXPECT_EQ(session->in_flight(), 3U);
    EXPECT_EQ(client.answer(ids[3]).error_code, kRefusedStream);  // safe to repeat elsewhere
    EXPECT_EQ(client.answer(ids[4]).error_code, kRefusedStream);
}

TEST_F(Http2ServerTest, TellsTheHandlerWhenAStreamIsReset) {
    handler.answer_now = false;
    const auto id = client.request("GET", "/");
    exchange(client, *session);
    client.reset(id, kCancel);
    exchange(client, *session);
    EXPECT_THAT(handler.cancelled, ElementsAre(static_cast<StreamId>(id)));
    EXPECT_EQ(session->in_flight(), 0U);
    session->respond(static_cast<StreamId>(id), {200, {}, "late"});
    EXPECT_TRUE(session->output().empty());
    EXPECT_TRUE(session->idle());
}

TEST_F(Http2ServerTest, TellsTheHandlerWhenTheConnectionIsLost) {
    handler.answer_now = false;
    client.request("GET", "/1");
    client.request("GET", "/2");
    exchange(client, *session);
    session->connection_lost();
    EXPECT_THAT(handler.cancelled, testing::UnorderedElementsAre(1U, 3U));
    EXPECT_TRUE(session->wants_close());
    EXPECT_EQ(session->in_flight(), 0U);
}

TEST_F(Http2ServerTest, DrainsInTwoStepsAndLosesNothing) {
    handler.answer_now = false;
    const auto before = client.request("GET", "/before");
    exchange(client, *session);
    session->begin_drain();
    session->begin_drain();  // once is enough
    const std::string notice(session->output());
    session->consume_output(notice.size());
    // A request crosses the notice on its way.
    const auto crossing = client.request("GET", "/crossing");
    session->feed(client.take_output());
    EXPECT_EQ(session->in_flight(), 2U);
    client.feed(notice);
    EXPECT_THAT(client.goaways(), ElementsAre(Http2Client::Goaway{kMaxId, 0}));
    exchange(client, *session);  // the client's PING answer brings the second step
    EXPECT_THAT(client.goaways(),
                ElementsAre(Http2Client::Goaway{kMaxId, 0}, Http2Client::Goaway{crossing, 0}));
    EXPECT_FALSE(session->wants_close());
    for (const StreamId id : handler.waiting) session->respond(id, {200, {}, "done"});
    exchange(client, *session);
    EXPECT_EQ(client.answer(before).body, "done");
    EXPECT_EQ(client.answer(crossing).body, "done");
    EXPECT_TRUE(session->wants_close());
    EXPECT_EQ(session->error(), "");
}

TEST_F(Http2ServerTest, DrainsAnIdleConnectionAtOnce) {
    exchange(client, *session);
    session->begin_drain();
    exchange(client, *session);
    EXPECT_TRUE(session->wants_close());
}

TEST_F(Http2ServerTest, FinishesWhenThePeerStopsSending) {
    handler.answer_now = false;
    const auto id = client.request("GET", "/");
    exchange(client, *session);
    session->peer_closed();
    EXPECT_FALSE(session->wants_close());
    session->respond(handler.waiting.back(), {200, {}, "last"});
    const std::string out(session->output());
    session->consume_output(out.size());
    client.feed(out);
    EXPECT_EQ(client.answer(id).body, "last");
    EXPECT_TRUE(session->wants_close());
}

TEST_F(Http2ServerTest, EndsAFloodOfResets) {
    handler.answer_now = false;
    exchange(client, *session);
    int sent = 0;
    for (; sent < 5000 && !session->wants_close(); ++sent) {
        client.reset(client.request("GET", "/"), kCancel);
        // nghttp2 drops a request that is reset before it is sent: send in between.
        const auto id = client.request("GET", "/");
        session->feed(client.take_output());
        client.reset(id, kCancel);
        session->feed(client.take_output());
        while (!session->output().empty()) session->consume_output(session->output().size());
    }
    EXPECT_LT(sent, 2000);
    EXPECT_EQ(session->in_flight(), 0U);
    EXPECT_THAT(std::string(session->error()), HasSubstr("HTTP/2 "));
}

std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t id, std::string_view payload) {
    std::string out;
    const auto byte = [&](std::size_t value) { out += static_cast<char>(value & 255); };
    byte(payload.size() >> 16);
    byte(payload.size() >> 8);
    byte(payload.size());
    byte(type);
    byte(flags);
    byte(id >> 24);
    byte(id >> 16);
    byte(id >> 8);
    byte(id);
    return out + std::string(payload);
}

struct Http2RawTest : Http2ServerTest {
    Http2RawTest() { session->feed(std::string(kHttp2Preface) + frame(4, 0, 0, "")); }
    /// Feeds `bytes` until the session gives up; the number of times.
    int flood(const std::string& bytes, int times) {
        int fed = 0;
        while (fed < times && !session->wants_close()) {
            session->feed(bytes);
            ++fed;
        }
        return fed;
    }
};

TEST_F(Http2RawTest, EndsAFloodOfPingsWhoseAnswersNobodyReads) {
    EXPECT_LT(flood(frame(6, 0, 0, "12345678"), 100'000), 2000);
    EXPECT_FALSE(session->error().empty());
}

TEST_F(Http2RawTest, EndsAFloodOfSettingsWhoseAnswersNobodyReads) {
    EXPECT_LT(flood(frame(4, 0, 0, ""), 100'000), 2000);
}

TEST_F(Http2RawTest, EndsAFloodOfContinuations) {
    session->feed(frame(1, 0, 1, "\x82"));
    EXPECT_LT(flood(frame(9, 0, 1, ""), 100'000), 100);
}

TEST_F(Http2RawTest, NamesTheErrorItSends) {
    session->feed(frame(0, 0, 1, "data on a stream that was never opened"));
    const std::string out(session->output());
    session->consume_output(out.size());
    client.take_output();
    client.feed(out);
    ASSERT_EQ(client.goaways().size(), 1U);
    EXPECT_EQ(client.goaways()[0].error_code, 1U);
    EXPECT_EQ(session->error(), "HTTP/2 PROTOCOL_ERROR");
    EXPECT_TRUE(session->wants_close());
}

TEST_F(Http2RawTest, EndsAFrameThatIsTooLarge) {
    session->feed(std::string("\xff\xff\xff\0\0\0\0\0\1", 9));
    while (!session->output().empty()) session->consume_output(session->output().size());
    EXPECT_TRUE(session->wants_close());
    EXPECT_EQ(session->error(), "HTTP/2 FRAME_SIZE_ERROR");
}

TEST(Http2Session, EndsWhatIsNotHttp2) {
    Handler handler;
    const auto session = make_http2_session(handler, {});
    session->feed("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(session->wants_close());
    EXPECT_FALSE(session->error().empty());
}

TEST(Http2Preface, IsToldFromHttp1) {
    EXPECT_EQ(looks_like_http2_preface(""), PrefaceMatch::kPartial);
    EXPECT_EQ(looks_like_http2_preface("P"), PrefaceMatch::kPartial);
    EXPECT_EQ(looks_like_http2_preface("PRI * HTTP/2.0\r\n"), PrefaceMatch::kPartial);
    EXPECT_EQ(looks_like_http2_preface("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), PrefaceMatch::kFull);
    EXPECT_EQ(looks_like_http2_preface("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nmore"), PrefaceMatch::kFull);
    EXPECT_EQ(looks_like_http2_preface("PO"), PrefaceMatch::kNo);
    EXPECT_EQ(looks_like_http2_preface("PRI * HTTP/1.1\r\n"), PrefaceMatch::kNo);
}

TEST(DetectingSession, FindsOutByteByByte) {
    Handler handler;
    const auto session = make_server_session(handler, {});
    for (const char c : std::string_view("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na")) {
        EXPECT_TRUE(session->wants_read());
        session->feed(std::string_view(&c, 1));
    }
    EXPECT_EQ(session->output(), "HTTP/1.1 200 OK\r\nX-Method: PUT\r\nContent-Length: 4\r\n\r\n/x a");
}

TEST(DetectingSession, DrainsBeforeItKnows) {
    Handler handler;
    const auto session = make_server_session(handler, {});
    EXPECT_TRUE(session->idle());
    session->begin_drain();
    session->feed("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_THAT(std::string(session->output()), HasSubstr("Connection: close\r\n"));
    EXPECT_TRUE(session->wants_close());
}

}  // namespace
}  // namespace loadgen::http
