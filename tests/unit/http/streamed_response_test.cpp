// Responses whose body comes piece by piece, in every version of HTTP.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/http/server_session.hpp"
#include "tests/support/http2_client.hpp"

namespace loadgen::http {
namespace {

using test::exchange;
using test::Http2Client;
using testing::ElementsAre;
using Written = ServerSession::Written;

constexpr const char* kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr std::uint32_t kCancel = 8;         // RFC 9113 section 7
constexpr std::uint32_t kInternalError = 2;  // the same

class Keeper final : public RequestHandler {
  public:
    void on_request(ServerSession& session, StreamId id, Request&&) override {
        waiting = id;
        if (!stream_now) return;
        session.respond_streaming(id, Response{200, {}, {}});
        session.write(id, "now");
        session.finish(id);
    }
    void on_cancel(ServerSession&, StreamId id) override { cancelled.push_back(id); }

    bool stream_now = false;
    StreamId waiting = 0;
    std::vector<StreamId> cancelled;
};

ServerOptions limited_to(std::size_t stream_bytes) {
    ServerOptions options;
    options.max_stream_bytes = stream_bytes;
    return options;
}

std::string drain(ServerSession& session) {
    std::string out;
    while (!session.output().empty()) {
        out.append(session.output());
        session.consume_output(session.output().size());
    }
    return out;
}

struct Http1StreamTest : testing::Test {
    Keeper handler;
    std::unique_ptr<ServerSession> session = make_http1_session(handler, limited_to(100));

    bool begin(Response head = {}) { return session->respond_streaming(handler.waiting, std::move(head)); }
};

TEST_F(Http1StreamTest, SendsChunks) {
    session->feed(kGet);
    ASSERT_TRUE(begin({200, {{"content-length", "7"}, {"x", "y"}}, {}}));
    EXPECT_EQ(drain(*session), "HTTP/1.1 200 OK\r\nx: y\r\nTransfer-Encoding: chunked\r\n\r\n");
    EXPECT_EQ(session->write(handler.waiting, "hello"), Written::kTaken);
    EXPECT_EQ(session->write(handler.waiting, ""), Written::kTaken);
    EXPECT_EQ(drain(*session), "5\r\nhello\r\n");
    EXPECT_EQ(session->in_flight(), 1U);
    EXPECT_FALSE(session->idle());
    session->finish(handler.waiting);
    EXPECT_EQ(drain(*session), "0\r\n\r\n");
    EXPECT_EQ(session->in_flight(), 0U);
    EXPECT_TRUE(session->idle());
    EXPECT_FALSE(session->wants_close());
}

TEST_F(Http1StreamTest, ThePipelinedRequestWaitsForTheEnd) {
    session->feed(std::string(kGet) + kGet);
    ASSERT_TRUE(begin());
    const StreamId first = handler.waiting;
    session->write(first, "a");
    EXPECT_EQ(handler.waiting, first);
    session->finish(first);
    EXPECT_EQ(handler.waiting, first + 1);
    EXPECT_EQ(session->write(first, "b"), Written::kGone);
    EXPECT_FALSE(session->respond_streaming(first, {}));
}

TEST_F(Http1StreamTest, AWholeStreamFitsIntoTheCallback) {
    handler.stream_now = true;
    session->feed(std::string(kGet) + kGet);
    const std::string answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nnow\r\n0\r\n\r\n";
    EXPECT_EQ(drain(*session), answer + answer);
}

TEST_F(Http1StreamTest, ToHttp10TheConnectionIsTheBody) {
    session->feed("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    ASSERT_TRUE(begin());
    session->write(handler.waiting, "hello");
    EXPECT_FALSE(session->wants_close());
    session->finish(handler.waiting);
    EXPECT_EQ(drain(*session), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello");
    EXPECT_TRUE(session->wants_close());
}

TEST_F(Http1StreamTest, HasNoBodyForHeadAnd204) {
    session->feed("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_FALSE(begin());
    EXPECT_EQ(drain(*session), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    EXPECT_EQ(session->write(handler.waiting, "x"), Written::kGone);
    session->feed(kGet);
    EXPECT_FALSE(begin({204, {}, {}}));
    EXPECT_EQ(drain(*session), "HTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_TRUE(session->idle());
}

TEST_F(Http1StreamTest, AHeadThatMayNotBeSentIsA500) {
    session->feed(kGet);
    EXPECT_FALSE(begin({200, {{"x", "a\r\nb"}}, {}}));
    EXPECT_EQ(drain(*session), "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
    EXPECT_TRUE(session->idle());
}

TEST_F(Http1StreamTest, BoundsWhatWaits) {
    session->feed(kGet);
    ASSERT_TRUE(begin());
    drain(*session);
    EXPECT_EQ(session->write(handler.waiting, std::string(101, 'x')), Written::kTooSlow);
    EXPECT_EQ(session->write(handler.waiting, std::string(60, 'x')), Written::kTaken);
    EXPECT_EQ(session->pending_bytes(handler.waiting), 60U + 6U);  // "3c\r\n" and "\r\n"
    EXPECT_EQ(session->write(handler.waiting, std::string(60, 'y')), Written::kTooSlow);
    EXPECT_EQ(drain(*session), "3c\r\n" + std::string(60, 'x') + "\r\n");
    EXPECT_EQ(session->write(handler.waiting, std::string(60, 'z')), Written::kTaken);
}

TEST_F(Http1StreamTest, AnAbortedBodyHasNoEnd) {
    session->feed(kGet);
    ASSERT_TRUE(begin());
    drain(*session);
    session->write(handler.waiting, "lost");
    session->abort(handler.waiting);
    EXPECT_EQ(drain(*session), "");
    EXPECT_TRUE(session->wants_close());
    EXPECT_EQ(session->in_flight(), 0U);
    EXPECT_THAT(handler.cancelled, ElementsAre());
}

TEST_F(Http1StreamTest, APeerThatEndsItsSideHasLeft) {
    session->feed(kGet);
    ASSERT_TRUE(begin());
    session->peer_closed();
    EXPECT_THAT(handler.cancelled, ElementsAre(handler.waiting));
    EXPECT_TRUE(session->wants_close());
    EXPECT_EQ(session->write(handler.waiting, "x"), Written::kGone);
}

TEST_F(Http1StreamTest, ALostConnectionIsToldOnce) {
    session->feed(kGet);
    ASSERT_TRUE(begin());
    session->connection_lost();
    session->connection_lost();
    EXPECT_THAT(handler.cancelled, ElementsAre(handler.waiting));
}

TEST_F(Http1StreamTest, DrainingEndsTheConnectionBehindTheStream) {
    session->feed(kGet);
    ASSERT_TRUE(begin());
    session->begin_drain();
    EXPECT_EQ(session->write(handler.waiting, "bye"), Written::kTaken);
    EXPECT_FALSE(session->wants_close());
    session->finish(handler.waiting);
    EXPECT_TRUE(session->wants_close());
    EXPECT_TRUE(drain(*session).ends_with("3\r\nbye\r\n0\r\n\r\n"));
}

struct Http2StreamTest : testing::Test {
    Keeper handler;
    std::unique_ptr<ServerSession> session = make_server_session(handler, limited_to(100'000));

    StreamId begin(Http2Client& client, const std::string& method = "GET") {
        const auto id = client.request(method, "/");
        exchange(client, *session);
        opened = session->respond_streaming(handler.waiting, {200, {{"Content-Length", "7"}}, "dropped"});
        exchange(client, *session);
        return static_cast<StreamId>(id);
    }
    bool opened = false;
};

TEST_F(Http2StreamTest, SendsData) {
    Http2Client client;
    const StreamId id = begin(client);
    Http2Client::Answer& answer = client.answer(static_cast<std::int32_t>(id));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers, Headers{});
    EXPECT_FALSE(answer.complete);
    for (const char* part : {"one", "two"}) {
        EXPECT_EQ(session->write(id, part), Written::kTaken);
        exchange(client, *session);
    }
    EXPECT_EQ(answer.body, "onetwo");
    EXPECT_FALSE(answer.complete);
    EXPECT_EQ(session->in_flight(), 1U);
    session->finish(id);
    EXPECT_EQ(session->in_flight(), 0U);
    exchange(client, *session);
    EXPECT_TRUE(answer.complete);
    EXPECT_TRUE(session->idle());
    EXPECT_THAT(handler.cancelled, ElementsAre());
    EXPECT_FALSE(client.failed());
}

TEST_F(Http2StreamTest, FinishesBehindWhatWaits) {
    Http2Client client;
    const StreamId id = begin(client);
    session->write(id, "last words");
    session->finish(id);
    exchange(client, *session);
    EXPECT_EQ(client.answer(static_cast<std::int32_t>(id)).body, "last words");
    EXPECT_TRUE(client.answer(static_cast<std::int32_t>(id)).complete);
}

TEST_F(Http2StreamTest, HeadHasNoBody) {
    Http2Client client;
    const StreamId id = begin(client, "HEAD");
    EXPECT_FALSE(opened);
    EXPECT_TRUE(client.answer(static_cast<std::int32_t>(id)).complete);
    EXPECT_EQ(session->write(id, "x"), Written::kGone);
    EXPECT_EQ(session->in_flight(), 0U);
}

TEST_F(Http2StreamTest, ASlowReaderHoldsBackOnlyItself) {
    Http2Client client(true);  // gives no credit back: 65535 bytes may come
    const StreamId slow = begin(client);
    EXPECT_EQ(session->write(slow, std::string(100'000, 'a')), Written::kTaken);
    exchange(client, *session);
    EXPECT_EQ(session->pending_bytes(slow), 100'000U - 65'535U);
    EXPECT_EQ(session->write(slow, std::string(70'000, 'b')), Written::kTooSlow);
    EXPECT_EQ(session->write(slow, std::string(65'535, 'b')), Written::kTaken);
    EXPECT_EQ(session->pending_bytes(slow), 100'000U);
    client.release_credit();
    exchange(client, *session);
    session->finish(slow);
    client.release_credit();
    exchange(client, *session);
    client.release_credit();
    exchange(client, *session);
    EXPECT_EQ(client.answer(static_cast<std::int32_t>(slow)).body,
              std::string(100'000, 'a') + std::string(65'535, 'b'));
    EXPECT_TRUE(client.answer(static_cast<std::int32_t>(slow)).complete);
}

TEST_F(Http2StreamTest, AResetIsToldOnce) {
    Http2Client client;
    const StreamId id = begin(client);
    client.reset(static_cast<std::int32_t>(id), kCancel);
    exchange(client, *session);
    EXPECT_THAT(handler.cancelled, ElementsAre(id));
    EXPECT_EQ(session->in_flight(), 0U);
    EXPECT_EQ(session->write(id, "x"), Written::kGone);
    session->connection_lost();
    EXPECT_THAT(handler.cancelled, ElementsAre(id));
}

TEST_F(Http2StreamTest, AnAbortIsAReset) {
    Http2Client client;
    const StreamId id = begin(client);
    session->write(id, "lost");
    session->abort(id);
    exchange(client, *session);
    Http2Client::Answer& answer = client.answer(static_cast<std::int32_t>(id));
    EXPECT_FALSE(answer.complete);
    EXPECT_EQ(answer.error_code, kInternalError);
    EXPECT_THAT(handler.cancelled, ElementsAre());
}

TEST_F(Http2StreamTest, APeerThatEndsTheConnectionHasLeft) {
    Http2Client client;
    const StreamId id = begin(client);
    session->peer_closed();
    EXPECT_THAT(handler.cancelled, ElementsAre(id));
    EXPECT_EQ(session->in_flight(), 0U);
    EXPECT_TRUE(session->wants_close());
    session->connection_lost();
    EXPECT_THAT(handler.cancelled, ElementsAre(id));
}

TEST_F(Http2StreamTest, DrainingWaitsForTheStream) {
    Http2Client client;
    const StreamId id = begin(client);
    session->begin_drain();
    exchange(client, *session);
    EXPECT_FALSE(session->wants_close());
    session->write(id, "bye");
    session->finish(id);
    exchange(client, *session);
    EXPECT_EQ(client.answer(static_cast<std::int32_t>(id)).body, "bye");
    EXPECT_TRUE(session->wants_close());
}

}  // namespace
}  // namespace loadgen::http
