// The HTTP/2 session driven in memory with frames made by hand (RFC 9113).
#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>

#include <deque>

#include "tests/support/peer/h2_frames.hpp"
#include "tests/unit/engine/session_driver.hpp"

namespace loadgen::engine::test {
namespace {

namespace h2 = loadgen::test::h2;

/// The peer's side of one connection's field compression (RFC 7541).
class FieldReader {
  public:
    FieldReader() { nghttp2_hd_inflate_new(&inflater_); }
    ~FieldReader() { nghttp2_hd_inflate_del(inflater_); }

    std::string value_of(std::string_view block, std::string_view name) {
        const std::string copy(block);
        const auto* at = reinterpret_cast<const std::uint8_t*>(copy.data());
        std::size_t left = copy.size();
        std::string value;
        for (int flags = 0; (flags & NGHTTP2_HD_INFLATE_FINAL) == 0;) {
            nghttp2_nv field;
            const ssize_t read = nghttp2_hd_inflate_hd2(inflater_, &field, &flags, at, left, 1);
            if (read < 0) return "broken";
            at += read;
            left -= static_cast<std::size_t>(read);
            if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0) continue;
            const std::string_view field_name(reinterpret_cast<const char*>(field.name), field.namelen);
            if (field_name == name) value.assign(reinterpret_cast<const char*>(field.value), field.valuelen);
        }
        nghttp2_hd_inflate_end_headers(inflater_);
        return value;
    }

  private:
    nghttp2_hd_inflater* inflater_ = nullptr;
};

class Http2SessionTest : public testing::Test {
  protected:
    explicit Http2SessionTest(std::size_t streams = 100)
        : session_(make_http2_session(log_, {.streams = streams})) {}

    Exchange& submit(const std::string& body = {}) {
        const auto number = exchanges_.size();
        exchanges_.emplace_back(number,
                                compile(make_request(body.empty() ? "GET" : "POST", "http://h/", body)));
        session_->submit(exchanges_.back(), false);
        return exchanges_.back();
    }

    /// What the session wants to send, as frames.
    std::vector<h2::Frame> sent() {
        pending_ += produce_all(*session_);
        if (!greeted_ && pending_.size() >= h2::kPreface.size()) {
            EXPECT_TRUE(pending_.starts_with(h2::kPreface));
            pending_.erase(0, h2::kPreface.size());
            greeted_ = true;
        }
        std::vector<h2::Frame> frames;
        while (auto frame = h2::take_frame(pending_)) frames.push_back(std::move(*frame));
        return frames;
    }

    std::size_t count_sent(h2::Type type) {
        std::size_t count = 0;
        for (const auto& frame : sent()) count += frame.type == type ? 1U : 0U;
        return count;
    }

    void greet() {
        sent();
        EXPECT_TRUE(session_->receive(h2::settings() + h2::settings_ack()));
        sent();
    }

    Cause end_of(std::uint64_t sequence) const {
        for (const auto& end : log_.ends) {
            if (end.sequence == sequence) return end.cause;
        }
        return Cause::kNoTargets;  // not over yet
    }

    SessionLog log_;
    std::deque<TestExchange> exchanges_;
    std::unique_ptr<Session> session_;
    std::string pending_;
    bool greeted_ = false;
};

TEST_F(Http2SessionTest, OpensWithPrefaceSettingsAndNoPush) {
    const auto frames = sent();
    ASSERT_FALSE(frames.empty());
    EXPECT_EQ(frames[0].type, h2::kSettings);
    EXPECT_NE(frames[0].payload.find(std::string("\0\2\0\0\0\0", 6)), std::string::npos);  // ENABLE_PUSH = 0
}

TEST_F(Http2SessionTest, EachRequestCarriesItsTrace) {
    greet();
    TraceMint mint(1, 1, 0);
    FieldReader reader;
    exchanges_.emplace_back(0U, compile(make_request("GET", "http://h/")));
    exchanges_.back().trace = mint.next();
    session_->submit(exchanges_.back(), false);
    exchanges_.emplace_back(1U, compile(make_request("GET", "http://h/")));
    exchanges_.back().trace = mint.next();
    session_->submit(exchanges_.back(), false);
    std::vector<std::string> values;
    for (const h2::Frame& frame : sent()) {
        if (frame.type == h2::kHeaders) values.push_back(reader.value_of(frame.payload, "traceparent"));
    }
    ASSERT_EQ(values.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        TraceparentText expected;
        write_traceparent(expected, exchanges_[i].trace);
        EXPECT_EQ(values[i], std::string(expected.data(), expected.size()));
    }
}

TEST_F(Http2SessionTest, AnAnswerSplitAtEveryByteIsTheSameAnswer) {
    const std::string answer = h2::head(1, "103", false) + h2::head(1, "200", false, h2::literal("a", "b")) +
                               h2::data(1, "hel", false) + h2::data(1, "lo", true);
    for (std::size_t cut = 1; cut < answer.size(); ++cut) {
        SessionLog log;
        const auto session = make_http2_session(log, {});
        TestExchange exchange(0, compile(make_request("GET", "http://h/")));
        session->submit(exchange, false);
        produce_all(*session);
        ASSERT_TRUE(session->receive(h2::settings()));
        ASSERT_TRUE(session->receive(std::string_view(answer).substr(0, cut)));
        ASSERT_TRUE(log.ends.empty()) << cut;
        ASSERT_TRUE(session->receive(std::string_view(answer).substr(cut)));
        ASSERT_EQ(log.ends, (std::vector<SessionLog::End>{{0, Cause::kOk, 200, "hello", true}})) << cut;
        EXPECT_EQ(session->in_flight(), 0U);
    }
}

TEST_F(Http2SessionTest, StreamsAreAnsweredInAnyOrder) {
    for (int i = 0; i < 3; ++i) submit();
    EXPECT_EQ(count_sent(h2::kHeaders), 3U);
    session_->receive(h2::settings() + h2::head(5, "200", true) + h2::head(1, "404", true) +
                      h2::head(3, "200", true));
    ASSERT_EQ(log_.ends.size(), 3U);
    EXPECT_EQ(log_.ends[0].sequence, 2U);
    EXPECT_EQ(log_.ends[1].status, 404);
    EXPECT_EQ(log_.ends[2].sequence, 1U);
}

TEST_F(Http2SessionTest, ThePeersLimitOfStreamsIsKept) {
    greet();
    EXPECT_EQ(session_->free_streams(), 100U);
    session_->receive(h2::max_streams(2));
    EXPECT_EQ(session_->free_streams(), 2U);
    submit();
    submit();
    EXPECT_EQ(session_->free_streams(), 0U);
    EXPECT_EQ(count_sent(h2::kHeaders), 2U);
    session_->receive(h2::head(1, "200", true));
    EXPECT_EQ(session_->free_streams(), 1U);
}

class Http2OneStreamTest : public Http2SessionTest {
  protected:
    Http2OneStreamTest() : Http2SessionTest(1) {}
};

TEST_F(Http2OneStreamTest, OurOwnLimitOfStreamsIsKeptToo) {
    greet();
    EXPECT_EQ(session_->free_streams(), 1U);
    submit();
    EXPECT_EQ(session_->free_streams(), 0U);
}

TEST_F(Http2SessionTest, GoawaySparesStreamsUpToTheLastId) {
    submit();
    submit();
    greet();
    EXPECT_TRUE(session_->receive(h2::goaway(1)));
    EXPECT_EQ(cause_name(end_of(1)), "h2-retryable");
    EXPECT_EQ(end_of(0), Cause::kNoTargets);
    EXPECT_TRUE(session_->draining());
    EXPECT_EQ(session_->free_streams(), 0U);
    session_->receive(h2::head(1, "200", true));
    EXPECT_EQ(end_of(0), Cause::kOk);
    EXPECT_EQ(session_->in_flight(), 0U);
}

TEST_F(Http2SessionTest, AStreamThatGoawayPromisedToAnswerAndDidNotIsLost) {
    submit();
    submit();
    greet();
    session_->receive(h2::goaway(1));
    session_->end(EndOfInput::kClosed);
    EXPECT_EQ(cause_name(end_of(0)), "h2-goaway-lost");
    EXPECT_EQ(cause_name(end_of(1)), "h2-retryable");
}

TEST_F(Http2SessionTest, AStreamResetBehindGoawayIsLostToo) {
    submit();
    greet();
    session_->receive(h2::goaway(1) + h2::rst_stream(1, h2::kInternalError));
    EXPECT_EQ(cause_name(end_of(0)), "h2-goaway-lost");
}

TEST_F(Http2SessionTest, ARequestStillQueuedWhenGoawayComesIsRetryable) {
    greet();
    session_->receive(h2::max_streams(1));
    submit();
    EXPECT_EQ(count_sent(h2::kHeaders), 1U);
    submit();  // nghttp2 holds it back
    EXPECT_EQ(count_sent(h2::kHeaders), 0U);
    session_->receive(h2::goaway(1));
    session_->receive(h2::head(1, "200", true));
    sent();
    EXPECT_EQ(end_of(0), Cause::kOk);
    EXPECT_EQ(cause_name(end_of(1)), "h2-retryable");
    EXPECT_EQ(session_->in_flight(), 0U);
}

TEST_F(Http2SessionTest, RstStreamNamesItsCause) {
    for (int i = 0; i < 3; ++i) submit();
    greet();
    EXPECT_TRUE(session_->receive(h2::rst_stream(1, h2::kRefusedStream)));
    EXPECT_TRUE(session_->receive(h2::rst_stream(3, h2::kInternalError)));
    EXPECT_EQ(cause_name(end_of(0)), "h2-retryable");
    EXPECT_EQ(cause_name(end_of(1)), "reset-inflight");
    EXPECT_NE(exchanges_[1].error.find("INTERNAL_ERROR"), std::string::npos) << exchanges_[1].error;
    EXPECT_FALSE(session_->draining());
    session_->receive(h2::head(5, "200", true));
    EXPECT_EQ(end_of(2), Cause::kOk);
}

TEST_F(Http2SessionTest, AnOrderlyResetInsideTheBodyIsNoCompleteAnswer) {
    submit();
    greet();
    session_->receive(h2::head(1, "200", false) + h2::data(1, "half", false) +
                      h2::rst_stream(1, h2::kNoError));
    EXPECT_NE(cause_name(end_of(0)), "ok");
}

TEST_F(Http2SessionTest, AnOrderlyResetBehindACompleteAnswerIsFine) {
    submit(std::string(500'000, 'x'));  // more than the window, so the request is still under way
    greet();
    session_->receive(h2::head(1, "413", true) + h2::rst_stream(1, h2::kNoError));
    EXPECT_EQ(cause_name(end_of(0)), "ok");
    EXPECT_EQ(log_.ends.at(0).status, 413);
}

TEST_F(Http2SessionTest, ALostConnectionIsAResetForAllStreams) {
    submit();
    submit();
    greet();
    session_->receive(h2::head(1, "200", false) + h2::data(1, "half", false));
    session_->end(EndOfInput::kReset);
    EXPECT_EQ(cause_name(end_of(0)), "reset-inflight");
    EXPECT_EQ(cause_name(end_of(1)), "reset-inflight");
    EXPECT_EQ(session_->in_flight(), 0U);
}

TEST_F(Http2SessionTest, BodiesObeyTheWindow) {
    greet();
    session_->receive(h2::initial_window(10));
    sent();
    submit("0123456789abcdef");
    std::string body;
    for (const auto& frame : sent()) body += frame.type == h2::kData ? frame.payload : "";
    EXPECT_EQ(body, "0123456789");
    EXPECT_TRUE(log_.written.empty());
    session_->receive(h2::window_update(1, 3));
    for (const auto& frame : sent()) body += frame.type == h2::kData ? frame.payload : "";
    EXPECT_EQ(body, "0123456789abc");
    session_->receive(h2::window_update(1, 100));
    for (const auto& frame : sent()) body += frame.type == h2::kData ? frame.payload : "";
    EXPECT_EQ(body, "0123456789abcdef");
    EXPECT_EQ(log_.written.size(), 1U);
    EXPECT_EQ(exchanges_[0].bytes_out, 16U);
}

TEST_F(Http2SessionTest, ACancelledStreamIsResetAndNeverHeardOfAgain) {
    Exchange& first = submit();
    submit();
    greet();
    session_->cancel(first);
    EXPECT_EQ(session_->in_flight(), 1U);
    EXPECT_EQ(count_sent(h2::kRstStream), 1U);
    session_->receive(h2::head(1, "200", true) + h2::head(3, "200", true));
    EXPECT_EQ(end_of(0), Cause::kNoTargets);
    EXPECT_EQ(end_of(1), Cause::kOk);
    EXPECT_FALSE(session_->draining());
}

TEST_F(Http2SessionTest, ACancelledUploadReadsItsBodyNoMore) {
    greet();
    session_->receive(h2::initial_window(10));
    sent();
    Exchange& upload = submit("0123456789abcdef");
    sent();
    session_->cancel(upload);
    upload.reset();  // as its worker does: nothing may look at it from here on
    session_->receive(h2::window_update(1, 100));
    EXPECT_EQ(count_sent(h2::kData), 0U);
}

TEST_F(Http2SessionTest, ARequestCancelledBeforeItLeftNeverLeaves) {
    greet();
    session_->receive(h2::max_streams(1));
    submit();
    sent();
    Exchange& queued = submit();
    session_->cancel(queued);
    session_->receive(h2::head(1, "200", true));
    EXPECT_EQ(count_sent(h2::kHeaders), 0U);
    EXPECT_EQ(log_.ends.size(), 1U);
}

// bug: a peer that broke the protocol and then kept silent held its exchanges until their timeout.
TEST_F(Http2SessionTest, ABrokenProtocolEndsEveryExchangeAtOnce) {
    submit();
    submit();
    greet();
    session_->receive(
        h2::frame(h2::kHeaders, h2::kEndHeaders, 0, ""));  // on no stream: section 6.2 forbids it
    EXPECT_EQ(count_sent(h2::kGoaway), 1U);
    EXPECT_EQ(cause_name(end_of(0)), "protocol");
    EXPECT_EQ(cause_name(end_of(1)), "protocol");
    EXPECT_TRUE(session_->draining());
    EXPECT_EQ(session_->in_flight(), 0U);
}

// bug: an HTTP/1.1 server that is spoken to in HTTP/2 was reported as a reset.
TEST_F(Http2SessionTest, AnHttp1AnswerIsAProtocolError) {
    submit();
    sent();
    session_->receive("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    sent();
    session_->end(EndOfInput::kClosed);
    EXPECT_EQ(cause_name(end_of(0)), "protocol");
}

TEST_F(Http2SessionTest, FieldsAndTrailersAreHandedOn) {
    submit();
    greet();
    session_->receive(h2::head(1, "200", false, h2::literal("a", "1")) + h2::data(1, "x", false) +
                      h2::frame(h2::kHeaders, h2::kEndHeaders | h2::kEndStream, 1, h2::literal("t", "2")));
    EXPECT_EQ(log_.headers, (std::vector<std::string>{"a=1", "t=2"}));
    EXPECT_EQ(log_.ends.at(0).status, 200);
}

}  // namespace
}  // namespace loadgen::engine::test
