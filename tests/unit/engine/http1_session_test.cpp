// The HTTP/1.1 session driven in memory: what each answer, and each way to have none, is reported as.
#include <gtest/gtest.h>

#include <array>
#include <optional>

#include "tests/unit/engine/session_driver.hpp"

namespace loadgen::engine::test {
namespace {

class Http1SessionTest : public testing::Test {
  protected:
    void send(const std::string& method = "GET", const std::string& body = {}, bool chunked = false,
              bool last = false) {
        exchange_.emplace(number_++, compile(make_request(method, "http://h/", body), chunked));
        session_->submit(*exchange_, last);
        sent_ = produce_all(*session_);
    }

    SessionLog::End only_end() {
        EXPECT_EQ(log_.ends.size(), 1U);
        return log_.ends.empty() ? SessionLog::End{99, Cause::kNoTargets, 0, "", false} : log_.ends.back();
    }

    void expect_end(Cause cause, int status, const std::string& body) {
        const auto end = only_end();
        EXPECT_EQ(cause_name(end.cause), cause_name(cause));
        EXPECT_EQ(end.status, status);
        EXPECT_EQ(end.body, body);
    }

    SessionLog log_;
    std::unique_ptr<Session> session_ = make_http1_session(log_, {});
    std::optional<TestExchange> exchange_;
    std::uint64_t number_ = 0;
    std::string sent_;
};

TEST_F(Http1SessionTest, OneExchangeAtATime) {
    EXPECT_EQ(session_->free_streams(), 1U);
    send();
    EXPECT_EQ(session_->free_streams(), 0U);
    EXPECT_EQ(session_->in_flight(), 1U);
    EXPECT_TRUE(session_->receive("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    expect_end(Cause::kOk, 200, "ok");
    EXPECT_EQ(session_->free_streams(), 1U);
    EXPECT_FALSE(session_->draining());
}

TEST_F(Http1SessionTest, AnAnswerSplitAtEveryByteIsTheSameAnswer) {
    for (const std::string answer : {
             "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nT: "
             "1\r\n\r\n",
             "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
             "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
         }) {
        for (std::size_t cut = 1; cut < answer.size(); ++cut) {
            SessionLog log;
            const auto session = make_http1_session(log, {});
            TestExchange exchange(7, compile(make_request("GET", "http://h/")));
            session->submit(exchange, false);
            produce_all(*session);
            EXPECT_TRUE(session->receive(std::string_view(answer).substr(0, cut)));
            EXPECT_TRUE(log.ends.empty()) << "cut at " << cut;
            EXPECT_TRUE(session->receive(std::string_view(answer).substr(cut)));
            ASSERT_EQ(log.ends, (std::vector<SessionLog::End>{{7, Cause::kOk, 200, "hello", true}})) << cut;
            EXPECT_EQ(session->free_streams(), 1U);
        }
    }
}

TEST_F(Http1SessionTest, AnInterimAnswerIsNotTheFirstByte) {
    send();
    session_->receive("HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_FALSE(exchange_->has_first_byte);
    session_->receive("HTTP/1.1 204 No Content\r\n\r\n");
    expect_end(Cause::kOk, 204, "");
    EXPECT_EQ(log_.first_bytes.back(), 0U);
}

TEST_F(Http1SessionTest, HeadHasNoBody) {
    send("HEAD");
    session_->receive("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n");
    expect_end(Cause::kOk, 200, "");
    EXPECT_FALSE(session_->draining());
}

TEST_F(Http1SessionTest, BodiesAreSentWithTheirLengthOrInChunks) {
    send("PUT", "abc");
    EXPECT_EQ(sent_, "PUT / HTTP/1.1\r\nHost: h\r\nUser-Agent: loadgen\r\nContent-Length: 3\r\n\r\nabc");
    EXPECT_EQ(exchange_->bytes_out, 3U);
    session_->receive("HTTP/1.1 204 No Content\r\n\r\n");
    send("PUT", "abc", true);
    EXPECT_EQ(sent_,
              "PUT / HTTP/1.1\r\nHost: h\r\nUser-Agent: loadgen\r\nTransfer-Encoding: chunked\r\n\r\n"
              "3\r\nabc\r\n0\r\n\r\n");
}

TEST_F(Http1SessionTest, ALargeBodyLeavesInPieces) {
    const std::string body(200'000, 'x');
    exchange_.emplace(0, compile(make_request("POST", "http://h/", body)));
    session_->submit(*exchange_, false);
    std::string first;
    session_->produce(first);
    EXPECT_LT(first.size(), 70'000U);
    EXPECT_TRUE(session_->wants_write());
    EXPECT_TRUE(log_.written.empty());
    const std::string rest = produce_all(*session_);
    EXPECT_TRUE((first + rest).ends_with(body));
    EXPECT_EQ(log_.written.size(), 1U);
    EXPECT_EQ(exchange_->bytes_out, body.size());
}

TEST_F(Http1SessionTest, AnAnswerBeforeTheWholeRequestEndsTheConnection) {
    exchange_.emplace(0, compile(make_request("POST", "http://h/", std::string(200'000, 'x'))));
    session_->submit(*exchange_, false);
    std::string part;
    session_->produce(part);
    EXPECT_TRUE(session_->receive("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n"));
    expect_end(Cause::kOk, 413, "");
    EXPECT_TRUE(session_->draining());
    EXPECT_FALSE(session_->wants_write());
}

TEST_F(Http1SessionTest, ABodyWithoutLengthEndsWithTheConnection) {
    send();
    session_->receive("HTTP/1.1 200 OK\r\n\r\nall of it");
    EXPECT_TRUE(log_.ends.empty());
    session_->end(EndOfInput::kClosed);
    expect_end(Cause::kOk, 200, "all of it");
    EXPECT_EQ(session_->free_streams(), 0U);
}

TEST_F(Http1SessionTest, AResetInABodyWithoutLengthIsNoEnd) {
    send();
    session_->receive("HTTP/1.1 200 OK\r\n\r\nall of");
    session_->end(EndOfInput::kReset);
    EXPECT_EQ(only_end().cause, Cause::kResetInflight);
}

struct Cut {
    std::string received;
    EndOfInput how;
    Cause cause;
};

TEST(Http1Session, AnExchangeThatIsCutShortNamesItsCause) {
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const Cut& cut :
         std::array<Cut, 10>{{{"", EndOfInput::kClosed, Cause::kResetInflight},
                              {"", EndOfInput::kReset, Cause::kResetInflight},
                              {"HTTP/1", EndOfInput::kClosed, Cause::kResetInflight},
                              {"HTTP/1", EndOfInput::kReset, Cause::kResetInflight},
                              {head, EndOfInput::kClosed, Cause::kTruncated},
                              {head + "hell", EndOfInput::kClosed, Cause::kTruncated},
                              {head + "hell", EndOfInput::kReset, Cause::kResetInflight},
                              {chunked + "5\r\nhello\r\n", EndOfInput::kClosed, Cause::kTruncated},
                              {chunked + "5\r\nhello\r\n0\r\n", EndOfInput::kClosed, Cause::kTruncated},
                              {chunked, EndOfInput::kReset, Cause::kResetInflight}}}) {
        SessionLog log;
        const auto session = make_http1_session(log, {});
        TestExchange exchange(0, compile(make_request("GET", "http://h/")));
        session->submit(exchange, false);
        produce_all(*session);
        if (!cut.received.empty()) {
            EXPECT_TRUE(session->receive(cut.received));
        }
        session->end(cut.how);
        ASSERT_EQ(log.ends.size(), 1U) << cut.received;
        EXPECT_EQ(cause_name(log.ends[0].cause), cause_name(cut.cause)) << cut.received;
        EXPECT_EQ(session->in_flight(), 0U);
        EXPECT_TRUE(session->draining());
    }
}

TEST_F(Http1SessionTest, WhatIsNotHttpIsAProtocolError) {
    send();
    EXPECT_FALSE(session_->receive("220 mail.example ESMTP\r\n\r\n"));
    EXPECT_EQ(only_end().cause, Cause::kProtocol);
    EXPECT_FALSE(exchange_->error.empty());
    EXPECT_TRUE(session_->draining());
}

TEST_F(Http1SessionTest, ConnectionCloseAndHttp10EndTheConnectionAfterTheAnswer) {
    for (const char* answer : {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                               "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"}) {
        SessionLog log;
        const auto session = make_http1_session(log, {});
        TestExchange exchange(0, compile(make_request("GET", "http://h/")));
        session->submit(exchange, false);
        produce_all(*session);
        EXPECT_TRUE(session->receive(answer));
        EXPECT_EQ(log.ends[0].cause, Cause::kOk);
        EXPECT_TRUE(session->draining());
        EXPECT_EQ(session->free_streams(), 0U);
    }
}

TEST_F(Http1SessionTest, TheLastExchangeSaysCloseAndIsTheLast) {
    send("GET", "", false, true);
    EXPECT_NE(sent_.find("\r\nConnection: close\r\n"), std::string::npos);
    session_->receive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    EXPECT_TRUE(session_->draining());
}

TEST_F(Http1SessionTest, BytesNobodyAskedForEndTheConnection) {
    send();
    session_->receive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 408 Request Timeout\r\n\r\n");
    expect_end(Cause::kOk, 200, "");
    EXPECT_TRUE(session_->draining());

    const auto idle = make_http1_session(log_, {});
    EXPECT_FALSE(idle->receive("HTTP/1.1 408 Request Timeout\r\n\r\n"));
    EXPECT_TRUE(idle->draining());
}

TEST_F(Http1SessionTest, ACancelledExchangeIsNeverHeardOfAgain) {
    send();
    session_->cancel(*exchange_);
    EXPECT_EQ(session_->in_flight(), 0U);
    EXPECT_TRUE(session_->draining());
    EXPECT_FALSE(session_->receive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    session_->end(EndOfInput::kClosed);
    EXPECT_TRUE(log_.ends.empty());
}

TEST_F(Http1SessionTest, TheNextExchangeMayBeSubmittedFromWithinTheEndOfTheLast) {
    TestExchange second(1, compile(make_request("GET", "http://h/second")));
    log_.submit_next = [&] {
        log_.submit_next = nullptr;
        EXPECT_EQ(session_->free_streams(), 1U);
        session_->submit(second, false);
    };
    send();
    EXPECT_TRUE(session_->receive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    EXPECT_TRUE(produce_all(*session_).starts_with("GET /second "));
    EXPECT_TRUE(session_->receive("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
    ASSERT_EQ(log_.ends.size(), 2U);
    EXPECT_EQ(log_.ends[1].status, 404);
}

}  // namespace
}  // namespace loadgen::engine::test
