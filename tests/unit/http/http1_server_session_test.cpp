#include "common/http/http1_server_session.hpp"

#include <gtest/gtest.h>

#include <map>

namespace loadgen::http {
namespace {

/// Answers at once with an echo of the request, or keeps requests for the test to answer.
class Handler final : public RequestHandler {
  public:
    void on_request(ServerSession& session, StreamId id, Request&& request) override {
        order.push_back(request.method + " " + request.target);
        if (answer_now)
            session.respond(id, {200, {}, request.method + " " + request.target + " " + request.body + body});
        last = request;
        waiting = id;
    }
    void on_cancel(ServerSession&, StreamId id) override { cancelled.push_back(id); }

    bool answer_now = true;
    std::string body;  ///< of the answers made at once, behind the echo
    std::vector<std::string> order;
    Request last;
    StreamId waiting = 0;
    std::vector<StreamId> cancelled;
};

std::string drain(ServerSession& session, std::size_t piece = 1 << 20) {
    std::string out;
    while (!session.output().empty()) {
        const std::string_view bytes = session.output().substr(0, piece);
        out.append(bytes);
        session.consume_output(bytes.size());
    }
    return out;
}

struct Http1ServerTest : testing::Test {
    Handler handler;
    ServerOptions options;
    std::unique_ptr<ServerSession> session = make_server_session(handler, options);

    void restart() { session = make_server_session(handler, options); }
    std::string talk(std::string_view bytes) {
        session->feed(bytes);
        return drain(*session);
    }
};

constexpr std::string_view kGet = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

TEST_F(Http1ServerTest, AnswersAndKeepsTheConnection) {
    EXPECT_EQ(talk(kGet), "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nGET /x ");
    EXPECT_FALSE(session->wants_close());
    EXPECT_TRUE(session->idle());
    EXPECT_EQ(talk(kGet), "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nGET /x ");
}

TEST_F(Http1ServerTest, HandsOutTheWholeRequest) {
    session->feed("POST /p?q HTTP/1.1\r\nHost: h:8");
    EXPECT_FALSE(session->idle());
    EXPECT_EQ(session->in_flight(), 0U);
    session->feed("0\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nT: u\r\n\r\n");
    EXPECT_EQ(handler.last.version, Version::kHttp11);
    EXPECT_EQ(handler.last.method, "POST");
    EXPECT_EQ(handler.last.target, "/p?q");
    EXPECT_EQ(handler.last.authority, "h:80");
    EXPECT_EQ(handler.last.body, "abcde");
    EXPECT_EQ(find_header(handler.last.headers, "a")->value, "b");
    EXPECT_EQ(handler.last.trailers, (Headers{{"T", "u"}}));
}

TEST_F(Http1ServerTest, EverySplitGivesTheSameAnswers) {
    const std::string bytes = std::string(kGet) +
                              "PUT /y HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
                              "HEAD /z HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    const std::string expected =
        "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nGET /x "
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nPUT /y abc"
        "HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\n";
    for (std::size_t split = 0; split <= bytes.size(); ++split) {
        restart();
        session->feed(std::string_view(bytes).substr(0, split));
        session->feed(std::string_view(bytes).substr(split));
        ASSERT_EQ(drain(*session, 7), expected) << split;
        ASSERT_TRUE(session->wants_close());
    }
}

TEST_F(Http1ServerTest, PipelinedRequestsWaitForTheirTurn) {
    handler.answer_now = false;
    session->feed(std::string(kGet) + "GET /2 HTTP/1.1\r\nHost: h\r\n\r\nGET /3 HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(handler.order, (std::vector<std::string>{"GET /x"}));
    EXPECT_EQ(session->in_flight(), 1U);
    session->respond(handler.waiting, {200, {}, "one"});
    EXPECT_EQ(handler.order, (std::vector<std::string>{"GET /x", "GET /2"}));
    session->respond(1, {200, {}, "late and ignored"});
    handler.answer_now = true;
    session->respond(handler.waiting, {200, {}, "two"});
    EXPECT_EQ(drain(*session),
              "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"
              "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo"
              "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nGET /3 ");
    EXPECT_TRUE(session->idle());
}

TEST_F(Http1ServerTest, PipeliningIsBoundedByUnsentOutputAndUnansweredInput) {
    handler.answer_now = false;
    session->feed(kGet);
    std::size_t fed = 0;
    while (session->wants_read() && fed < 10'000'000) {
        session->feed(kGet);
        fed += kGet.size();
    }
    EXPECT_LE(fed, 65U * 1024);
    // Now each answer is 100 kB and nobody reads: only a few requests may be taken.
    session->respond(1, {200, {}, std::string(100'000, 'a')});
    int answered = 1;
    for (; session->in_flight() > 0; ++answered)
        session->respond(handler.waiting, {200, {}, std::string(100'000, 'a')});
    EXPECT_EQ(answered, 3);
    EXPECT_FALSE(session->wants_read());
    handler.answer_now = true;
    const std::string rest = drain(*session);
    EXPECT_EQ(handler.order.size(), 1 + fed / kGet.size());
    EXPECT_TRUE(session->wants_read());
    EXPECT_TRUE(session->idle());
}

TEST_F(Http1ServerTest, AnswersMadeAtOnceWaitForTheReaderToo) {
    handler.body = std::string(100'000, 'a');
    std::string pipeline;
    for (int i = 0; i < 50; ++i) pipeline += kGet;
    session->feed(pipeline);
    EXPECT_EQ(handler.order.size(), 3U);  // the third passes the 256 KiB
    EXPECT_FALSE(session->wants_read());
    session->peer_closed();
    EXPECT_FALSE(session->wants_close());
    EXPECT_GT(drain(*session, 50'000).size(), 5'000'000U);
    EXPECT_EQ(handler.order.size(), 50U);
    EXPECT_TRUE(session->wants_close());
}

TEST_F(Http1ServerTest, Http10ClosesUnlessAskedToStay) {
    EXPECT_EQ(talk("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
              "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: keep-alive\r\n\r\nGET / ");
    EXPECT_FALSE(session->wants_close());
    EXPECT_EQ(talk("GET / HTTP/1.0\r\n\r\n"),
              "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nGET / ");
    EXPECT_TRUE(session->wants_close());
    EXPECT_EQ(handler.last.version, Version::kHttp10);
}

TEST_F(Http1ServerTest, IgnoresWhatFollowsTheLastRequest) {
    EXPECT_EQ(talk("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" + std::string(kGet)),
              "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nGET / ");
    EXPECT_EQ(talk(kGet), "");
    EXPECT_EQ(handler.order.size(), 1U);
}

TEST_F(Http1ServerTest, ContinuesWhenTheBodyMayCome) {
    EXPECT_EQ(talk("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"),
              "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_EQ(talk("ab"), "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nPUT / ab");
}

TEST_F(Http1ServerTest, RefusesABodyThatIsTooLargeBeforeItComes) {
    options.max_body_bytes = 10;
    restart();
    const std::string answer =
        talk("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 413 Content Too Large\r\n")) << answer;
    EXPECT_TRUE(session->wants_close());
    restart();
    const std::string chunked = talk(
        "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
        "chunked\r\n\r\n6\r\nabcdef\r\n6\r\nabcdef\r\n0\r\n\r\n");
    EXPECT_TRUE(chunked.starts_with("HTTP/1.1 413 ")) << chunked;
    restart();
    EXPECT_TRUE(talk("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789")
                    .starts_with("HTTP/1.1 200 OK"));
}

TEST_F(Http1ServerTest, AnswersMalformedInputAndCloses) {
    const std::pair<std::string, std::string> expected[] = {
        {"GET / HTTP/1.1\r\n\r\n", "400 Bad Request|the request needs exactly one Host header"},
        {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
         "400 Bad Request|the request needs exactly one Host header"},
        {"GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n", "400 Bad Request|malformed request target"},
        {"GET * HTTP/1.1\r\nHost: a\r\n\r\n", "400 Bad Request|malformed request target"},
        {"CONNECT h:1 HTTP/1.1\r\nHost: a\r\n\r\n", "501 Not Implemented|CONNECT is not offered"},
        {"\x16\x03\x01", "400 Bad Request|malformed start line"},
        {"GET / HTTP/3.0\r\n", "505 HTTP Version Not Supported|the version is not HTTP/1.0 or HTTP/1.1"},
        {"GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n",
         "501 Not Implemented|Transfer-Encoding is not exactly \"chunked\""},
        {"GET / HTTP/1.1\r\nHost: h\r\nA: " + std::string(70'000, 'a'),
         "431 Request Header Fields Too Large|the headers exceed the size limit"},
        {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nx",
         "400 Bad Request|malformed chunk size line"},
    };
    for (const auto& [bytes, answer] : expected) {
        handler.order.clear();
        restart();
        const std::string status = answer.substr(0, answer.find('|'));
        const std::string why = answer.substr(answer.find('|') + 1);
        EXPECT_EQ(talk(bytes),
                  "HTTP/1.1 " + status + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " +
                      std::to_string(why.size() + 1) + "\r\nConnection: close\r\n\r\n" + why + "\n");
        EXPECT_TRUE(session->wants_close()) << bytes;
        EXPECT_EQ(session->error(), why);
        EXPECT_TRUE(handler.order.empty()) << bytes;
    }
}

TEST_F(Http1ServerTest, AMalformedRequestBehindAHeadRequestIsAnsweredInFull) {
    EXPECT_EQ(talk("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n"), "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n");
    EXPECT_TRUE(talk("\x16").ends_with("\r\n\r\nmalformed start line\n"));
}

TEST_F(Http1ServerTest, BodilessAnswers) {
    handler.answer_now = false;
    session->feed("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    session->respond(handler.waiting, {204, {}, "not sent"});
    EXPECT_EQ(drain(*session), "HTTP/1.1 204 No Content\r\n\r\n");
    session->feed("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    session->respond(handler.waiting, {304, {{"ETag", "\"a\""}}, "not sent"});
    EXPECT_EQ(drain(*session), "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n");
    session->feed("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
    session->respond(handler.waiting, {200, {{"Content-Length", "123"}}, ""});
    EXPECT_EQ(drain(*session), "HTTP/1.1 200 OK\r\nContent-Length: 123\r\n\r\n");
}

TEST_F(Http1ServerTest, NeverSendsWhatAHandlerMayNotSay) {
    handler.answer_now = false;
    for (const Response& bad :
         {Response{200, {{"A", "b\r\nSet-Cookie: c"}}, ""}, Response{200, {{"A b", "c"}}, ""},
          Response{101, {}, ""}, Response{600, {}, ""}}) {
        session->feed(kGet);
        session->respond(handler.waiting, bad);
        EXPECT_EQ(drain(*session), "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
        EXPECT_EQ(session->error(), "a handler's response could not be sent as HTTP");
    }
}

TEST_F(Http1ServerTest, SendsTheDateItIsGiven) {
    options.date = [] { return std::string_view("Sat, 21 Nov 2026 01:40:02 GMT"); };
    restart();
    EXPECT_EQ(talk(kGet),
              "HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 01:40:02 GMT\r\nContent-Length: 7\r\n\r\nGET /x ");
}

TEST_F(Http1ServerTest, DrainingAnswersOnceMoreAndSaysSo) {
    session->begin_drain();
    EXPECT_FALSE(session->wants_close());
    EXPECT_EQ(talk(kGet), "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nGET /x ");
    EXPECT_TRUE(session->wants_close());
}

TEST_F(Http1ServerTest, AnswersWhatIsInFlightWhenThePeerStopsSending) {
    handler.answer_now = false;
    session->feed(kGet);
    session->peer_closed();
    EXPECT_FALSE(session->wants_close());
    session->respond(handler.waiting, {200, {}, "a"});
    EXPECT_EQ(drain(*session), "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
    EXPECT_TRUE(session->wants_close());
    EXPECT_EQ(session->error(), "");
}

TEST_F(Http1ServerTest, NamesATruncatedRequest) {
    session->feed(kGet.substr(0, 10));
    session->peer_closed();
    EXPECT_TRUE(session->wants_close());
    EXPECT_EQ(session->error(), "the connection closed inside a message");
    restart();
    session->peer_closed();
    EXPECT_TRUE(session->wants_close());
    EXPECT_EQ(session->error(), "");
}

TEST_F(Http1ServerTest, CancelsWhenTheConnectionIsLost) {
    handler.answer_now = false;
    session->feed(kGet);
    session->connection_lost();
    EXPECT_EQ(handler.cancelled, (std::vector<StreamId>{1}));
    session->respond(1, {200, {}, "late"});
    EXPECT_EQ(drain(*session), "");
    EXPECT_TRUE(session->wants_close());
}

}  // namespace
}  // namespace loadgen::http
