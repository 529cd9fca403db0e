// The WebSocket session driven in memory. Handshake and frames are the examples of RFC 6455,
// sections 1.2, 1.3 and 5.7.
#include <gtest/gtest.h>

#include <deque>

#include "tests/unit/engine/session_driver.hpp"

namespace loadgen::engine::test {
namespace {

using plan::ExchangeKind;
using namespace std::string_view_literals;

constexpr std::string_view kAccepted =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n\r\n";
constexpr std::string_view kHello = "\x81\x05Hello"sv;
constexpr std::string_view kHelloInTwo = "\x01\x03Hel\x80\x02lo"sv;
constexpr std::string_view kGoingAway = "\x88\x02\x03\xe9"sv;

class WebSocketSessionTest : public testing::Test {
  protected:
    TestExchange& submit(ExchangeKind kind, const std::string& body = {}) {
        http::Headers headers;
        if (kind == ExchangeKind::kHandshake) {
            headers = {{"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                       {"Sec-WebSocket-Protocol", "chat, superchat"}};
        }
        auto& exchange = exchanges_.emplace_back(
            exchanges_.size(), compile(make_request("GET", "http://h/chat", body, headers)));
        exchange.kind = kind;
        session_->submit(exchange, false);
        return exchange;
    }

    void open() {
        submit(ExchangeKind::kHandshake);
        EXPECT_TRUE(produce_all(*session_).starts_with("GET /chat HTTP/1.1\r\n"));
        EXPECT_TRUE(session_->receive(kAccepted));
    }

    void expect_last(Cause cause, int status, const std::string& body) {
        ASSERT_FALSE(log_.ends.empty());
        EXPECT_EQ(cause_name(log_.ends.back().cause), cause_name(cause));
        EXPECT_EQ(log_.ends.back().status, status);
        EXPECT_EQ(log_.ends.back().body, body);
    }

    SessionLog log_;
    std::unique_ptr<Session> session_ = make_websocket_session(log_, 1);
    std::deque<TestExchange> exchanges_;
};

/// What a client's frame holds (section 5.3); it has one of the short lengths.
std::string unmasked(std::string_view frame) {
    std::string payload(frame.substr(6));
    for (std::size_t at = 0; at < payload.size(); ++at) {
        payload[at] = static_cast<char>(payload[at] ^ frame[2 + at % 4]);
    }
    return payload;
}

TEST_F(WebSocketSessionTest, OpensByAHandshakeInPiecesOfAnySize) {
    EXPECT_EQ(session_->free_streams(), 1U);
    submit(ExchangeKind::kHandshake);
    produce_all(*session_);
    EXPECT_EQ(session_->free_streams(), 0U);
    for (const char byte : kAccepted) EXPECT_TRUE(session_->receive({&byte, 1}));
    expect_last(Cause::kOk, 101, "");
    EXPECT_GT(session_->free_streams(), 1U);
    EXPECT_EQ(session_->in_flight(), 0U);
}

TEST_F(WebSocketSessionTest, AMessageRightBehindTheHandshakeIsTaken) {
    submit(ExchangeKind::kHandshake);
    produce_all(*session_);
    log_.submit_next = [this] {
        log_.submit_next = nullptr;
        submit(ExchangeKind::kListen);
    };
    EXPECT_TRUE(session_->receive(std::string(kAccepted).append(kHello)));
    EXPECT_EQ(log_.ends.size(), 2U);
    expect_last(Cause::kOk, 101, "Hello");
}

TEST_F(WebSocketSessionTest, AMessageThatComesTooEarlyIsThereForTheNextWait) {
    open();
    EXPECT_TRUE(session_->receive(kHello));
    EXPECT_FALSE(session_->wants_write());
    TestExchange& wait = submit(ExchangeKind::kListen);
    ASSERT_TRUE(session_->wants_write());
    EXPECT_EQ(produce_all(*session_), "");
    EXPECT_EQ(wait.status, 101);
    EXPECT_EQ(session_->in_flight(), 0U);
    EXPECT_FALSE(session_->wants_write());
}

TEST_F(WebSocketSessionTest, AMessageFromBeforeASendIsNoAnswerToIt) {
    open();
    EXPECT_TRUE(session_->receive(kHello));
    submit(ExchangeKind::kSend, "question");
    produce_all(*session_);
    submit(ExchangeKind::kListen);
    EXPECT_FALSE(session_->wants_write());
    EXPECT_EQ(session_->in_flight(), 1U);
    EXPECT_TRUE(session_->receive(kHelloInTwo));
    expect_last(Cause::kOk, 101, "Hello");
}

TEST_F(WebSocketSessionTest, WhatIsSentIsWrittenOrAnswered) {
    open();
    submit(ExchangeKind::kSend, "one");
    std::string sent = produce_all(*session_);
    EXPECT_EQ(sent.substr(0, 2), "\x81\x83"sv);
    EXPECT_EQ(unmasked(sent), "one");
    EXPECT_EQ(log_.written.back(), 1U);
    EXPECT_EQ(session_->in_flight(), 0U);

    submit(ExchangeKind::kAsk, "two");
    EXPECT_TRUE(session_->receive(kHello));  // it cannot be the answer to what has not been sent
    EXPECT_EQ(log_.ends.size(), 1U);
    EXPECT_EQ(unmasked(produce_all(*session_)), "two");
    EXPECT_EQ(session_->in_flight(), 1U);
    EXPECT_TRUE(session_->receive(kHelloInTwo));
    expect_last(Cause::kOk, 101, "Hello");
    EXPECT_EQ(session_->in_flight(), 0U);
}

TEST_F(WebSocketSessionTest, MessagesEndWaitsInTheirOrderAndNoneThatWasCancelled) {
    open();
    submit(ExchangeKind::kListen);
    submit(ExchangeKind::kListen);
    submit(ExchangeKind::kListen);
    session_->cancel(exchanges_[1]);
    EXPECT_TRUE(session_->receive(kHello));
    EXPECT_EQ(log_.ends.back().sequence, 2U);
    EXPECT_TRUE(session_->receive(kHello));
    EXPECT_EQ(log_.ends.back().sequence, 3U);
    EXPECT_TRUE(session_->receive(kHello));  // nobody's
    EXPECT_EQ(log_.ends.size(), 3U);
}

TEST_F(WebSocketSessionTest, AServersCloseEndsAllThatWaits) {
    open();
    submit(ExchangeKind::kListen);
    EXPECT_TRUE(session_->receive(kGoingAway));
    expect_last(Cause::kResetInflight, 0, "");
    EXPECT_EQ(exchanges_.back().error, "WebSocket closed by the server: 1001");
    EXPECT_EQ(session_->farewell(), "WebSocket closed by the server: 1001");
    EXPECT_EQ(session_->free_streams(), 0U);
    EXPECT_FALSE(session_->draining()) << "the server closes the connection first (section 7.1.1)";
    EXPECT_EQ(unmasked(produce_all(*session_)), "\x03\xe9"sv);
    EXPECT_FALSE(session_->say_goodbye());
    session_->end(EndOfInput::kClosed);
    EXPECT_TRUE(session_->draining());
    EXPECT_EQ(log_.ends.size(), 2U);
}

TEST_F(WebSocketSessionTest, ABrokenConnectionAndWrongFramesHaveTheirCauses) {
    open();
    submit(ExchangeKind::kListen);
    session_->end(EndOfInput::kReset);
    expect_last(Cause::kResetInflight, 0, "");
    EXPECT_EQ(exchanges_.back().error, "WebSocket ended without a Close");

    log_.ends.clear();
    session_ = make_websocket_session(log_, 1);
    open();
    submit(ExchangeKind::kListen);
    EXPECT_FALSE(session_->receive("\x83\x01x"));
    expect_last(Cause::kProtocol, 0, "");
    EXPECT_EQ(exchanges_.back().error, "WebSocket error: a frame has an unknown opcode");
    EXPECT_EQ(unmasked(produce_all(*session_)).substr(0, 2), "\x03\xea"sv);  // 1002
}

TEST_F(WebSocketSessionTest, ARefusedHandshakeIsItsStatusOrNoWebSocket) {
    submit(ExchangeKind::kHandshake);
    produce_all(*session_);
    EXPECT_FALSE(session_->receive("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"));
    expect_last(Cause::kOk, 403, "no");
    EXPECT_TRUE(session_->draining());

    session_ = make_websocket_session(log_, 1);
    submit(ExchangeKind::kHandshake);
    produce_all(*session_);
    EXPECT_FALSE(session_->receive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    EXPECT_EQ(log_.ends.back().cause, Cause::kProtocol);
    EXPECT_EQ(exchanges_.back().error, "Unexpected server response: 200");
}

TEST_F(WebSocketSessionTest, GoodbyeIsAClose) {
    EXPECT_FALSE(session_->say_goodbye());
    open();
    EXPECT_TRUE(session_->say_goodbye());
    EXPECT_EQ(unmasked(produce_all(*session_)), "\x03\xe8"sv);  // 1000
    EXPECT_FALSE(session_->say_goodbye());
    EXPECT_EQ(session_->free_streams(), 0U);
    EXPECT_TRUE(session_->receive("\x88\x02\x03\xe8"sv));
}

}  // namespace
}  // namespace loadgen::engine::test
