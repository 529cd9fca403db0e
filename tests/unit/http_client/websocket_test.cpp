#include "common/http/websocket.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "common/base/encoding.hpp"

namespace loadgen::http {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";

class Record final : public WebSocketEvents {
  public:
    void on_message(WebSocketKind kind, std::string_view payload) override {
        seen.push_back((kind == WebSocketKind::kText ? "text " : "binary ") + std::string(payload));
    }
    void on_ping(std::string_view payload) override { seen.push_back("ping " + std::string(payload)); }
    void on_pong(std::string_view payload) override { seen.push_back("pong " + std::string(payload)); }
    void on_closed(const WebSocketClosed& closed) override {
        seen.push_back("closed " + std::to_string(closed.code) + " " + std::string(closed.reason));
        if (!closed.error.empty()) seen.back() += "error: " + std::string(closed.error);
    }

    std::vector<std::string> seen;
};

/// A frame as a server writes it; lengths below 126 only.
std::string frame(unsigned first, std::string_view payload) {
    std::string out(1, static_cast<char>(first));
    out += static_cast<char>(payload.size());
    return out.append(payload);
}

std::string close_frame(unsigned code, std::string_view reason = "") {
    return frame(0x88,
                 std::string{static_cast<char>(code >> 8U), static_cast<char>(code)} + std::string(reason));
}

/// What a client sent, "opcode:payload" of each frame, unmasked as section 5.3 says; "?" when it is no
/// client's.
std::vector<std::string> unmasked(std::string_view bytes) {
    std::vector<std::string> frames;
    while (bytes.size() >= 6) {
        const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
        std::size_t length = at(1) & 0x7fU;
        std::size_t head = 2;
        for (std::size_t more = length == 126 ? 2 : length == 127 ? 8 : 0, i = 0; i < more; ++i) {
            length = (i == 0 ? 0 : length) << 8U | at(head++);
        }
        if ((at(0) & 0xf0U) != 0x80 || (at(1) & 0x80U) == 0) return {"?"};
        std::string payload(bytes.substr(head + 4, length));
        for (std::size_t i = 0; i < payload.size(); ++i) payload[i] ^= bytes[head + i % 4];
        frames.push_back(std::to_string(at(0) & 0x0fU) + ":" + payload);
        bytes.remove_prefix(head + 4 + length);
    }
    if (!bytes.empty()) frames.push_back("?");
    return frames;
}

struct Fixture : testing::Test {
    Random random{1};
    Record record;
    WebSocketSession session{record, random, {.max_message_bytes = 70'000}};

    /// All that `bytes` lead to, in a session of their own, in pieces.
    std::vector<std::string> seen(std::string_view bytes, std::size_t piece = std::string_view::npos) {
        Record own;
        WebSocketSession other(own, random, {.max_message_bytes = 70'000});
        for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
            other.feed(bytes.substr(0, piece));
        for (const std::string& sent : unmasked(other.output())) own.seen.push_back("sent " + sent);
        return own.seen;
    }
};

using WebSocketTest = Fixture;

// RFC 6455 section 1.3.
TEST(WebSocketHandshake, FollowsTheExampleOfTheRfc) {
    EXPECT_EQ(websocket_accept(kKey), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    Headers headers;
    const std::vector<std::string> protocols{"chat", "superchat"};
    ASSERT_TRUE(append_websocket_fields(headers, kKey, protocols));
    EXPECT_THAT(headers, ElementsAre(Header{"Connection", "Upgrade"}, Header{"Upgrade", "websocket"},
                                     Header{"Sec-WebSocket-Version", "13"},
                                     Header{"Sec-WebSocket-Key", std::string(kKey)},
                                     Header{"Sec-WebSocket-Protocol", "chat, superchat"}));
    const std::vector<HeaderView> answer{{"Upgrade", "websocket"},
                                         {"Connection", "Upgrade"},
                                         {"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="},
                                         {"Sec-WebSocket-Protocol", "chat"}};
    const auto chosen = check_websocket_answer(101, answer, kKey, protocols);
    ASSERT_TRUE(chosen);
    EXPECT_EQ(*chosen, "chat");
}

TEST(WebSocketHandshake, MakesKeysOf16Bytes) {
    Random random(1);
    const std::string key = websocket_key(random);
    EXPECT_EQ(from_base64(key)->size(), 16U);
    EXPECT_NE(key, websocket_key(random));
}

// Section 4.1, the client's checks of the answer.
TEST(WebSocketHandshake, SaysWhyAnAnswerIsNone) {
    const HeaderView upgrade{"upgrade", "WebSocket"};
    const HeaderView connection{"connection", "keep-alive, upgrade"};
    const HeaderView accept{"sec-websocket-accept", " s3pPLMBiTxaQ9kYGzzhZRbK+xOo= "};
    const auto why = [&](int status, const std::vector<HeaderView>& headers) {
        const auto checked = check_websocket_answer(status, headers, kKey);
        return checked ? "chose " + *checked : checked.error().message;
    };
    EXPECT_EQ(why(101, {upgrade, connection, accept}), "chose ");
    EXPECT_EQ(why(403, {upgrade, connection, accept}), "no WebSocket: the answer is 403, not 101");
    EXPECT_EQ(why(101, {connection, accept}), "no WebSocket: the answer has no \"Upgrade: websocket\"");
    EXPECT_EQ(why(101, {{"Upgrade", "h2c"}, connection, accept}),
              "no WebSocket: the answer has no \"Upgrade: websocket\"");
    EXPECT_EQ(why(101, {upgrade, {"Connection", "upgraded"}, accept}),
              "no WebSocket: the answer has no \"Connection: Upgrade\"");
    EXPECT_EQ(why(101, {upgrade, connection}), "no WebSocket: the answer has no Sec-WebSocket-Accept");
    EXPECT_EQ(why(101, {upgrade, connection, {"Sec-WebSocket-Accept", "S3pPLMBiTxaQ9kYGzzhZRbK+xOo="}}),
              "no WebSocket: Sec-WebSocket-Accept does not fit the key");
    EXPECT_EQ(why(101, {upgrade, connection, accept, {"Sec-WebSocket-Extensions", "permessage-deflate"}}),
              "no WebSocket: the server speaks \"permessage-deflate\", and no extension was offered");
    EXPECT_EQ(why(101, {upgrade, connection, accept, {"Sec-WebSocket-Protocol", "chat"}}),
              "no WebSocket: the server chose the protocol \"chat\", which was not offered");
    Headers headers;
    const std::vector<std::string> bad{"chat", "two words"};
    EXPECT_EQ(append_websocket_fields(headers, kKey, bad).error().message,
              "bad WebSocket protocol \"two words\": letters, digits and !#$%&'*+-.^_`|~ are allowed");
    EXPECT_THAT(headers, IsEmpty());
}

TEST(WebSocketHandshake, KnowsItsUrls) {
    EXPECT_EQ(parse_websocket_url("ws://h:81/x?y")->text(), "http://h:81/x?y");
    EXPECT_EQ(parse_websocket_url("WSS://h")->text(), "https://h/");
    EXPECT_EQ(parse_websocket_url("https://h/")->text(), "https://h/");
    EXPECT_EQ(parse_websocket_url("wsx://h").error().message,
              "bad URL \"wsx://h\": scheme must be http or https");
}

// RFC 6455 section 5.7.
TEST_F(WebSocketTest, ReadsTheExamplesOfTheRfc) {
    EXPECT_THAT(seen("\x81\x05Hello"), ElementsAre("text Hello"));
    EXPECT_THAT(seen("\x01\x03Hel\x80\x02lo"), ElementsAre("text Hello"));
    EXPECT_THAT(seen("\x89\x05Hello"), ElementsAre("ping Hello", "sent 10:Hello"));
    const std::string small(256, 'x');
    EXPECT_THAT(seen(std::string("\x82\x7e\x01\x00", 4) + small), ElementsAre("binary " + small));
    const std::string large(65536, 'y');
    EXPECT_THAT(seen(std::string("\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10) + large),
                ElementsAre("binary " + large));
}

TEST_F(WebSocketTest, WritesMaskedFrames) {
    for (const std::size_t size : {0U, 5U, 125U, 126U, 65535U, 65536U}) {
        const std::string payload(size, 'z');
        session.output().clear();
        ASSERT_TRUE(session.send(WebSocketKind::kText, payload));
        EXPECT_THAT(unmasked(session.output()), ElementsAre("1:" + payload));
        EXPECT_EQ(session.output().size(), size + (size < 126 ? 6 : size < 65536 ? 8 : 14));
    }
    session.output().clear();
    session.send(WebSocketKind::kBinary, "aaaa");
    session.send(WebSocketKind::kBinary, "aaaa");
    EXPECT_THAT(unmasked(session.output()), ElementsAre("2:aaaa", "2:aaaa"));
    EXPECT_NE(session.output().substr(2, 4), session.output().substr(12, 4)) << "each frame has its own mask";
    session.output().clear();
    session.ping(std::string(200, 'p'));
    EXPECT_THAT(unmasked(session.output()), ElementsAre("9:" + std::string(125, 'p')));
}

TEST_F(WebSocketTest, TakesPiecesOfAnySize) {
    const std::string bytes = frame(0x01, "Gr\xc3") + frame(0x89, "are you there") + frame(0x00, "") +
                              frame(0x8a, "") +
                              frame(0x80,
                                    "\xbc\xc3\x9f"
                                    "e") +
                              frame(0x82, "") + std::string("\x82\x7e\x00\x80", 4) + std::string(128, 'b') +
                              close_frame(1000, "bye");
    const auto whole = seen(bytes);
    EXPECT_THAT(whole, ElementsAre("ping are you there", "pong ",
                                   "text Gr\xc3\xbc\xc3\x9f"
                                   "e",
                                   "binary ", "binary " + std::string(128, 'b'), "closed 1000 bye",
                                   "sent 10:are you there", "sent 8:\x03\xe8"));
    for (const std::size_t piece : {1U, 2U, 3U, 5U, 64U}) EXPECT_EQ(seen(bytes, piece), whole) << piece;
}

// Sections 5.2 to 5.5.
TEST_F(WebSocketTest, SaysWhatThePeerDidWrong) {
    const auto problem = [&](const std::string& bytes) {
        const auto all = seen(bytes);
        return all.empty() ? "" : all.front();
    };
    EXPECT_EQ(problem(frame(0xc1, "x")), "closed 1002 error: a frame has a reserved bit set");
    EXPECT_EQ(problem(frame(0x83, "x")), "closed 1002 error: a frame has an unknown opcode");
    EXPECT_EQ(problem(frame(0x8b, "x")), "closed 1002 error: a frame has an unknown opcode");
    EXPECT_EQ(problem(std::string("\x81\x81\0\0\0\0x", 7)), "closed 1002 error: a frame is masked");
    EXPECT_EQ(problem(std::string("\x81\x7e\x00\x7d", 4)),
              "closed 1002 error: a frame's length is written longer than needed");
    EXPECT_EQ(problem(std::string("\x81\x7f\0\0\0\0\0\0\xff\xff", 10)),
              "closed 1002 error: a frame's length is written longer than needed");
    EXPECT_EQ(problem(std::string("\x81\x7f\x80\0\0\0\0\0\0\0", 10)),
              "closed 1002 error: a frame's length has its first bit set");
    EXPECT_EQ(problem(frame(0x09, "x")), "closed 1002 error: a control frame is fragmented");
    EXPECT_EQ(problem(std::string("\x89\x7e\x00\x7e", 4)),
              "closed 1002 error: a control frame is longer than 125 bytes");
    EXPECT_EQ(problem(frame(0x80, "x")), "closed 1002 error: a continuation continues nothing");
    EXPECT_EQ(problem(frame(0x01, "x") + frame(0x81, "y")),
              "closed 1002 error: a message begins within another");
    EXPECT_EQ(problem(frame(0x88, "x")), "closed 1002 error: a Close has half a code");
    for (const unsigned code : {0U, 999U, 1004U, 1005U, 1006U, 1015U, 2999U, 5000U}) {
        EXPECT_EQ(problem(close_frame(code)), "closed 1002 error: a Close has a code that may not be sent")
            << code;
    }
    EXPECT_EQ(problem(close_frame(1000, "\xff")), "closed 1007 error: the reason of a Close is not UTF-8");
    const auto all = seen(frame(0xc1, "x") + frame(0x81, "unheard"));
    EXPECT_THAT(all, ElementsAre("closed 1002 error: a frame has a reserved bit set",
                                 "sent 8:\x03\xea"
                                 "a frame has a reserved bit set"));
}

TEST_F(WebSocketTest, TextsAreUtf8) {
    // RFC 3629 section 4: overlong forms, surrogates, beyond U+10FFFF, alone, cut off.
    for (const std::string_view bad :
         {"\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
          "\xf5\x80\x80\x80", "\x80", "\xc3", "\xe2\x82", "\xc3(", "\xff"}) {
        EXPECT_EQ(seen(frame(0x81, bad)).front(), "closed 1007 error: a text is not UTF-8");
        EXPECT_EQ(seen(frame(0x82, bad)).front(), "binary " + std::string(bad)) << "bytes may be anything";
    }
    const std::string good = "\xce\xba\xe1\xbd\xb9\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\xf0\x90\x80\x80";
    EXPECT_EQ(seen(frame(0x81, good)).front(), "text " + good);
    // It shows before the message ends.
    EXPECT_EQ(seen(std::string("\x01\x02\xc3\x28", 4)).front(), "closed 1007 error: a text is not UTF-8");
}

TEST_F(WebSocketTest, BoundsMessages) {
    const std::string half = std::string("\x02\x7e\x88\xb8", 4) + std::string(35'000, 'x');
    const std::string rest = std::string("\x80\x7e\x88\xb8", 4) + std::string(35'000, 'x');
    EXPECT_EQ(seen(half + rest).front(), "binary " + std::string(70'000, 'x'));
    const std::string more = std::string("\x80\x7e\x88\xb9", 4);
    EXPECT_EQ(seen(half + more).front(), "closed 1009 error: a message is longer than the limit");
    EXPECT_EQ(seen(std::string("\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10)).front(),
              "closed 1009 error: a message is longer than the limit");
}

// Section 7.
TEST_F(WebSocketTest, ClosesFromEitherSide) {
    EXPECT_THAT(seen(close_frame(1001, "going")), ElementsAre("closed 1001 going", "sent 8:\x03\xe9"));
    EXPECT_THAT(seen(frame(0x88, "")), ElementsAre("closed 1005 ", "sent 8:"));

    EXPECT_TRUE(session.close(3000, "enough"));
    EXPECT_TRUE(session.close_sent());
    EXPECT_FALSE(session.close());
    EXPECT_FALSE(session.send(WebSocketKind::kText, "late"));
    EXPECT_FALSE(session.ping());
    session.feed(frame(0x81, "still under way") + frame(0x89, "p"));
    session.feed(close_frame(3000, "enough") + frame(0x81, "unheard"));
    EXPECT_TRUE(session.closed());
    session.connection_ended();
    EXPECT_THAT(record.seen, ElementsAre("text still under way", "ping p", "closed 3000 enough"));
    EXPECT_THAT(unmasked(session.output()), ElementsAre("8:\x0b\xb8"
                                                        "enough"));
}

TEST_F(WebSocketTest, TellsOfAConnectionThatEnds) {
    session.feed(frame(0x01, "half"));
    session.connection_ended();
    EXPECT_THAT(record.seen, ElementsAre("closed 1006 "));
    EXPECT_FALSE(session.send(WebSocketKind::kText, "late"));
}

TEST_F(WebSocketTest, CutsReasonsBetweenCharacters) {
    std::string reason(122, 'r');
    session.close(1000, reason + "\xc3\xbc");
    EXPECT_THAT(unmasked(session.output()), ElementsAre("8:\x03\xe8" + reason));
}

}  // namespace
}  // namespace loadgen::http
