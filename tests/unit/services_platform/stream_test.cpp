// Streamed answers over real sockets: order, slow readers, clients that leave, drain.
#include "services/platform/stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "services/platform/server.hpp"
#include "services/platform/sse.hpp"
#include "tests/support/http2_client.hpp"
#include "tests/unit/services_platform/raw_client.hpp"

namespace loadgen::services::platform {
namespace {

using loadgen::test::Http2Client;
using test::RawClient;
using ::testing::EndsWith;
using ::testing::HasSubstr;

constexpr const char* kGet = "GET /events HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr Nanos kShort = std::chrono::milliseconds(50);
constexpr auto kPatience = std::chrono::seconds(20);

class NoLog final : public telemetry::LogSink {
  public:
    void write_line(std::string_view) override {}
};

template <typename T>
T get(std::future<T> future) {
    EXPECT_EQ(future.wait_for(kPatience), std::future_status::ready);
    return future.get();
}

class StreamTest : public ::testing::Test {
  protected:
    StreamTest() : logger_(sink_, telemetry::LogLevel::kError) {}
    ~StreamTest() override {
        if (server_) server_->stop();
    }

    void start(Handler handler) {
        auto started = Server::start(
            options_,
            [&]() -> Result<Dispatcher> {
                Router router;
                router.add("GET", "/events", handler);
                return Dispatcher(std::move(router), {});
            },
            logger_);
        ASSERT_TRUE(started.has_value()) << started.error().message;
        server_ = std::move(*started);
    }

    /// Opens a stream and hands it and its loop to the test.
    Handler keep() {
        return [this](const CallPtr& call) {
            auto stream = open_event_stream(*call);
            stream->on_close([this](StreamEnd why) { ended_.set_value(why); });
            opened_.set_value({stream, &call->loop()});
        };
    }

    void drain() {
        std::promise<void> drained;
        server_->begin_drain([&drained] { drained.set_value(); });
        get(drained.get_future());
    }

    using Opened = std::pair<std::shared_ptr<Stream>, Loop*>;
    ServerOptions options_;
    NoLog sink_;
    telemetry::Logger logger_;
    std::promise<Opened> opened_;
    std::promise<StreamEnd> ended_;
    std::unique_ptr<Server> server_;
};

/// Runs `task` on the loop and gives its result.
template <typename Task>
auto on_loop(Loop& loop, Task task) {
    std::promise<decltype(task())> result;
    auto future = result.get_future();
    loop.post([&] { result.set_value(task()); });
    return get(std::move(future));
}

TEST_F(StreamTest, EventsArriveAsTheyAreWritten) {
    start(keep());
    RawClient client(server_->port());
    client.send(kGet);
    const std::string head = client.receive_until("\r\n\r\n");
    EXPECT_THAT(head, HasSubstr("content-type: text/event-stream\r\n"));
    EXPECT_THAT(head, HasSubstr("Transfer-Encoding: chunked\r\n"));
    const auto [stream, loop] = get(opened_.get_future());
    for (const char* word : {"one", "two"}) {
        EXPECT_TRUE(on_loop(*loop, [&] { return send_event(*stream, {.data = word}); }));
        EXPECT_EQ(client.receive_until("\n\n\r\n"), "b\r\ndata: " + std::string(word) + "\n\n\r\n");
    }
    on_loop(*loop, [&] { return stream->finish(), 0; });
    EXPECT_EQ(client.receive_until("0\r\n\r\n"), "0\r\n\r\n");
    EXPECT_FALSE(on_loop(*loop, [&] { return stream->is_open() || stream->write("x"); }));
    client.send(kGet);  // the connection lives on
}

TEST_F(StreamTest, AHttp2StreamSharesItsConnection) {
    start([this](const CallPtr& call) {
        if (call->query() == "plain") return call->answer({200, {}, "plain"});
        keep()(call);
    });
    RawClient socket(server_->port());
    Http2Client client;
    const auto events = client.request("GET", "/events");
    socket.send(client.take_output());
    const auto [stream, loop] = get(opened_.get_future());
    EXPECT_TRUE(on_loop(*loop, [&] { return stream->write("first"); }));
    while (client.answer(events).body != "first") client.feed(socket.receive());
    const auto plain = client.request("GET", "/events?plain");
    socket.send(client.take_output());
    while (!client.answer(plain).complete) client.feed(socket.receive());
    EXPECT_EQ(client.answer(plain).body, "plain");
    on_loop(*loop, [&] { return stream->finish(), 0; });
    while (!client.answer(events).complete) client.feed(socket.receive());
    EXPECT_EQ(client.answer(events).body, "first");
}

TEST_F(StreamTest, ResettingAHttp2StreamIsNoticed) {
    start(keep());
    RawClient socket(server_->port());
    Http2Client client;
    const auto events = client.request("GET", "/events");
    socket.send(client.take_output());
    while (client.answer(events).status == 0) client.feed(socket.receive());
    client.reset(events, 8);
    socket.send(client.take_output());
    EXPECT_EQ(get(ended_.get_future()), StreamEnd::kPeerLeft);
}

TEST_F(StreamTest, AClientThatClosesIsNoticed) {
    start(keep());
    RawClient client(server_->port());
    client.send(kGet);
    client.receive_until("\r\n\r\n");
    client.close();
    EXPECT_EQ(get(ended_.get_future()), StreamEnd::kPeerLeft);
    const auto [stream, loop] = get(opened_.get_future());
    EXPECT_FALSE(on_loop(*loop, [&] { return stream->is_open(); }));
}

TEST_F(StreamTest, AReaderThatDoesNotReadIsBrokenOff) {
    options_.max_stream_bytes = 64 * 1024;
    start(keep());
    RawClient client(server_->port(), 4096);
    client.send(kGet);
    const auto [stream, loop] = get(opened_.get_future());
    const std::string piece(32 * 1024, 'x');
    // The system's own buffers take a few megabytes first.
    std::size_t written = 0;
    while (on_loop(*loop, [&] { return stream->write(piece); })) {
        written += piece.size();
        ASSERT_LE(on_loop(*loop, [&] { return stream->pending_bytes(); }), options_.max_stream_bytes + 64);
        ASSERT_LT(written, std::size_t{1} << 30);
    }
    EXPECT_EQ(get(ended_.get_future()), StreamEnd::kTooSlow);
    EXPECT_FALSE(on_loop(*loop, [&] { return stream->write("more"); }));
    EXPECT_THAT(client.receive_to_end(), Not(EndsWith("0\r\n\r\n")));
}

TEST_F(StreamTest, AHttp2ReaderWithoutCreditIsBrokenOff) {
    options_.max_stream_bytes = 64 * 1024;
    start(keep());
    RawClient socket(server_->port());
    Http2Client client(true);
    const auto events = client.request("GET", "/events");
    socket.send(client.take_output());
    const auto [stream, loop] = get(opened_.get_future());
    const std::string piece(32 * 1024, 'x');
    int taken = 0;
    while (on_loop(*loop, [&] { return stream->write(piece); })) ++taken;
    EXPECT_EQ(taken, 3);  // a window of 64 KiB less one byte, and the buffer
    EXPECT_EQ(get(ended_.get_future()), StreamEnd::kTooSlow);
    while (!client.answer(events).closed) client.feed(socket.receive());
    EXPECT_FALSE(client.answer(events).complete);
}

TEST_F(StreamTest, NoTimeoutEndsAQuietStream) {
    options_.idle_timeout = kShort;
    options_.handler_timeout = kShort;
    options_.request_timeout = kShort;
    start(keep());
    RawClient client(server_->port());
    client.send(kGet);
    client.receive_until("\r\n\r\n");
    EXPECT_TRUE(client.hears_nothing_for(400));  // several sweeps
    const auto [stream, loop] = get(opened_.get_future());
    EXPECT_TRUE(on_loop(*loop, [&] { return stream->write("still here"); }));
    EXPECT_EQ(client.receive_until("here\r\n"), "a\r\nstill here\r\n");
}

TEST_F(StreamTest, AClientThatTakesNothingOfWhatWaitsIsCutOff) {
    options_.idle_timeout = kShort;
    options_.max_stream_bytes = 16 << 20;
    start(keep());
    RawClient client(server_->port(), 4096);
    client.send(kGet);
    const auto [stream, loop] = get(opened_.get_future());
    EXPECT_TRUE(on_loop(*loop, [&] { return stream->write(std::string(12 << 20, 'x')); }));
    EXPECT_EQ(get(ended_.get_future()), StreamEnd::kPeerLeft);
}

TEST_F(StreamTest, DrainingEndsStreamsInOrderWithALastWord) {
    options_.drain_grace = std::chrono::seconds(30);
    start([this](const CallPtr& call) {
        auto stream = open_event_stream(*call);
        stream->on_close([this, stream](StreamEnd why) {
            EXPECT_TRUE(send_event(*stream, {.data = "bye"}));
            ended_.set_value(why);
        });
    });
    RawClient client(server_->port());
    client.send(kGet);
    client.receive_until("\r\n\r\n");
    std::promise<void> drained;
    server_->begin_drain([&drained] { drained.set_value(); });
    EXPECT_EQ(client.receive_to_end(), "b\r\ndata: bye\n\n\r\n0\r\n\r\n");
    client.close();
    EXPECT_EQ(get(ended_.get_future()), StreamEnd::kDraining);
    get(drained.get_future());
}

TEST_F(StreamTest, DrainingEndsHttp2Streams) {
    start(keep());
    RawClient socket(server_->port());
    Http2Client client;
    const auto events = client.request("GET", "/events");
    socket.send(client.take_output());
    while (client.answer(events).status == 0) client.feed(socket.receive());
    std::promise<void> drained;
    server_->begin_drain([&drained] { drained.set_value(); });
    for (std::string part = socket.receive(); !part.empty(); part = socket.receive()) {
        client.feed(part);
        socket.send(client.take_output());
    }
    EXPECT_TRUE(client.answer(events).complete);
    EXPECT_FALSE(client.goaways().empty());
    socket.close();
    EXPECT_EQ(get(ended_.get_future()), StreamEnd::kDraining);
    get(drained.get_future());
}

TEST_F(StreamTest, ALongPollAnswersWhenTheServerDrains) {
    options_.drain_grace = std::chrono::seconds(30);
    std::promise<void> waiting;
    start([&waiting](const CallPtr& call) {
        call->on_drain([call] { call->answer({200, {}, "nothing new"}); });
        waiting.set_value();
    });
    RawClient client(server_->port());
    client.send(kGet);
    get(waiting.get_future());
    std::promise<void> drained;
    server_->begin_drain([&drained] { drained.set_value(); });
    const std::string answer = client.receive_to_end();
    EXPECT_THAT(answer, HasSubstr("Connection: close"));
    EXPECT_THAT(answer, EndsWith("\r\n\r\nnothing new"));
    client.close();
    get(drained.get_future());
}

TEST_F(StreamTest, ALongPollMayTakeTwiceTheTimeOfAHandler) {
    options_.handler_timeout = std::chrono::milliseconds(400);
    start([](const CallPtr& call) {
        const auto nothing_new = [call] { call->answer({200, {}, "nothing new"}); };
        call->on_drain(nothing_new);
        if (call->query() != "lost") call->loop().after(std::chrono::milliseconds(500), nothing_new);
    });
    RawClient client(server_->port());
    client.send(kGet);
    EXPECT_THAT(client.receive_until("new"), EndsWith("\r\n\r\nnothing new"));
    client.send("GET /events?lost HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(client.receive(), ::testing::StartsWith("HTTP/1.1 503 "));
}

TEST_F(StreamTest, ADelayedAnswerComesFromATimer) {
    start([](const CallPtr& call) {
        call->loop().after(kShort, [call] { call->answer({200, {}, "late"}); });
    });
    RawClient client(server_->port());
    client.send(kGet);
    EXPECT_THAT(client.receive_until("late"), EndsWith("\r\n\r\nlate"));
}

TEST_F(StreamTest, HeadHasAStreamThatIsOver) {
    start(keep());
    RawClient client(server_->port());
    client.send("HEAD /events HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(client.receive_until("\r\n\r\n"), HasSubstr("text/event-stream"));
    EXPECT_EQ(get(ended_.get_future()), StreamEnd::kPeerLeft);
}

TEST_F(StreamTest, StoppingWithoutDrainTellsTheWriter) {
    start(keep());
    RawClient client(server_->port());
    client.send(kGet);
    client.receive_until("\r\n\r\n");
    server_->stop();
    server_.reset();
    EXPECT_EQ(get(ended_.get_future()), StreamEnd::kPeerLeft);
}

}  // namespace
}  // namespace loadgen::services::platform
