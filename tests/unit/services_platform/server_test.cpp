// The server's limits and timeouts, over real sockets and with short times.
#include "services/platform/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <mutex>

#include "services/platform/error_body.hpp"
#include "services/platform/middlewares/request_log.hpp"
#include "tests/unit/services_platform/raw_client.hpp"

namespace loadgen::services::platform {
namespace {

using test::RawClient;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr auto kPatience = std::chrono::seconds(20);
constexpr Nanos kShort = std::chrono::milliseconds(50);

class LockedSink final : public telemetry::LogSink {
  public:
    void write_line(std::string_view line) override {
        const std::lock_guard lock(mutex_);
        text_ += line;
    }
    std::string text() {
        const std::lock_guard lock(mutex_);
        return text_;
    }

  private:
    std::mutex mutex_;
    std::string text_;
};

class ServerTest : public ::testing::Test {
  protected:
    ServerTest() : logger_(sink_, telemetry::LogLevel::kInfo) {}

    void start(Handler handler) {
        auto started = Server::start(
            options_,
            [&]() -> Result<Dispatcher> {
                Router router;
                router.add("GET", "/", handler);
                Middlewares chain;
                chain.push_back(std::make_unique<RequestLog>(logger_, system_clock()));
                return Dispatcher(std::move(router), std::move(chain));
            },
            logger_);
        ASSERT_TRUE(started.has_value()) << started.error().message;
        server_ = std::move(*started);
    }

    static void answer_ok(const CallPtr& call) {
        http::Response response;
        response.body = "ok";
        call->answer(std::move(response));
    }

    void drain() {
        std::promise<void> drained;
        server_->begin_drain([&drained] { drained.set_value(); });
        drained.get_future().wait();
    }

    ServerOptions options_;
    LockedSink sink_;
    telemetry::Logger logger_;
    std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, ClosesAnIdleConnectionInOrder) {
    options_.idle_timeout = kShort;
    start(answer_ok);
    RawClient never_asked(server_->port());
    RawClient asked(server_->port());
    asked.send(kGet);
    EXPECT_THAT(asked.receive_to_end(), EndsWith("\r\n\r\nok"));
    EXPECT_EQ(never_asked.receive(), "");
}

TEST_F(ServerTest, ClosesAConnectionWhoseRequestDoesNotEnd) {
    options_.request_timeout = kShort;
    start(answer_ok);
    RawClient client(server_->port());
    client.send("GET / HTTP/1.1\r\nHost:");
    EXPECT_EQ(client.receive(), "");
}

TEST_F(ServerTest, AnswersForAHandlerThatDoesNot) {
    options_.handler_timeout = kShort;
    start([](const CallPtr&) {});
    RawClient client(server_->port());
    client.send(kGet);
    const std::string answer = client.receive();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 503"));
    EXPECT_THAT(answer, HasSubstr("no answer in time"));
    EXPECT_THAT(sink_.text(), HasSubstr("the handler gave no answer in time"));
}

TEST_F(ServerTest, LetsConnectionsBeyondTheLimitWait) {
    options_.max_connections = 2;
    start(answer_ok);
    RawClient one(server_->port());
    RawClient two(server_->port());
    for (RawClient* client : {&one, &two}) {
        client->send(kGet);
        EXPECT_THAT(client->receive(), StartsWith("HTTP/1.1 200"));
    }
    RawClient three(server_->port());
    three.send(kGet);
    EXPECT_TRUE(three.hears_nothing_for(150));
    one.close();
    EXPECT_THAT(three.receive(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, SendsALargeAnswerToASlowReader) {
    constexpr std::size_t kLarge = 8 << 20;
    start([](const CallPtr& call) {
        http::Response response;
        response.body.assign(kLarge, 'x');
        call->answer(std::move(response));
    });
    RawClient client(server_->port());
    client.send("GET / HTTP/1.0\r\n\r\n");
    std::size_t received = 0;
    for (std::string part = client.receive(1000); !part.empty(); part = client.receive(100'000)) {
        received += static_cast<std::size_t>(std::count(part.begin(), part.end(), 'x'));
    }
    EXPECT_EQ(received, kLarge);
}

TEST_F(ServerTest, AnAnswerToNobodyIsStillLogged) {
    std::promise<CallPtr> arrived;
    start([&arrived](const CallPtr& call) { arrived.set_value(call); });
    CallPtr call;
    {
        RawClient client(server_->port());
        client.send(kGet);
        call = arrived.get_future().get();
    }
    std::promise<void> answered;
    call->loop().post([&] {
        call->message = "said to nobody";
        answer_ok(call);
        answered.set_value();
    });
    answered.get_future().wait();
    EXPECT_THAT(sink_.text(), HasSubstr("said to nobody"));
}

TEST_F(ServerTest, DrainWaitsForAnAnswerThatIsOnItsWay) {
    std::promise<CallPtr> arrived;
    start([&arrived](const CallPtr& call) { arrived.set_value(call); });
    RawClient client(server_->port());
    client.send(kGet);
    const CallPtr call = arrived.get_future().get();
    std::promise<void> drained;
    server_->begin_drain([&drained] { drained.set_value(); });
    auto over = drained.get_future();
    EXPECT_EQ(over.wait_for(std::chrono::milliseconds(150)), std::future_status::timeout);
    call->loop().post([call] { answer_ok(call); });
    const std::string answer = client.receive_to_end();
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(answer, EndsWith("ok"));
    client.close();
    over.wait();
}

TEST_F(ServerTest, DrainEndsAQuietKeepAliveConnectionAtOnce) {
    options_.drain_idle = Nanos(1);
    options_.linger = std::chrono::hours(1);  // it is not waited for that the client ends its side
    options_.drain_grace = std::chrono::hours(1);
    start(answer_ok);
    RawClient client(server_->port());
    client.send(kGet);
    EXPECT_THAT(client.receive_until("ok"), StartsWith("HTTP/1.1 200"));
    std::promise<void> drained;
    server_->begin_drain([&drained] { drained.set_value(); });
    EXPECT_EQ(drained.get_future().wait_for(kPatience), std::future_status::ready);
    EXPECT_EQ(client.receive(), "");  // the end, in order
    EXPECT_THAT(sink_.text(), Not(HasSubstr("cut off")));
}

TEST_F(ServerTest, DrainTellsAConnectionThatIsUsedAgainWithItsAnswer) {
    options_.drain_idle = std::chrono::hours(1);
    Loop* loop = nullptr;
    start([&loop](const CallPtr& call) {
        loop = &call->loop();
        answer_ok(call);
    });
    RawClient client(server_->port());
    client.send(kGet);
    EXPECT_THAT(client.receive_until("ok"), Not(HasSubstr("Connection: close\r\n")));
    std::promise<void> drained;
    server_->begin_drain([&drained] { drained.set_value(); });
    std::promise<void> begun;  // the drain takes two turns of the loop
    loop->post([&] { loop->post([&begun] { begun.set_value(); }); });
    begun.get_future().wait();
    client.send(kGet);
    const std::string answer = client.receive_to_end();
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(answer, EndsWith("ok"));
    client.close();
    drained.get_future().wait();
}

TEST_F(ServerTest, DrainAnswersARequestThatCameToAQuietConnectionAndWasNotRead) {
    options_.drain_idle = Nanos(1);
    Loop* loop = nullptr;
    start([&loop](const CallPtr& call) {
        loop = &call->loop();
        answer_ok(call);
    });
    RawClient client(server_->port());
    client.send(kGet);
    EXPECT_THAT(client.receive_until("ok"), StartsWith("HTTP/1.1 200"));
    std::promise<void> sent;
    loop->post([&sent] { sent.get_future().wait(); });  // as if the process were stopped
    std::promise<void> drained;
    server_->begin_drain([&drained] { drained.set_value(); });
    client.send(kGet);
    sent.set_value();
    EXPECT_THAT(client.receive_to_end(), StartsWith("HTTP/1.1 200"));
    client.close();
    drained.get_future().wait();
}

TEST_F(ServerTest, DrainCutsOffWhatIsLeftAfterTheGraceAndSaysHowMuch) {
    options_.drain_grace = kShort;
    std::promise<void> arrived;
    start([&arrived](const CallPtr&) { arrived.set_value(); });
    RawClient client(server_->port());
    client.send(kGet);
    arrived.get_future().wait();
    drain();
    EXPECT_THAT(sink_.text(), HasSubstr(R"("message":"grace is over: requests cut off","count":1})"));
}

TEST_F(ServerTest, StopsWithWorkInFlight) {
    options_.threads = 2;
    std::promise<void> arrived;
    start([&arrived](const CallPtr&) { arrived.set_value(); });
    RawClient client(server_->port());
    client.send(kGet);
    arrived.get_future().wait();
    server_->stop();
    server_.reset();
}

TEST_F(ServerTest, SaysWhyItCannotListen) {
    const auto factory = [] { return Result<Dispatcher>(Dispatcher(Router(), Middlewares())); };
    options_.host = "localhost";
    const auto name = Server::start(options_, factory, logger_);
    ASSERT_FALSE(name.has_value());
    EXPECT_EQ(name.error().message, "host \"localhost\" is not an IP address (like 127.0.0.1 or ::1)");
    options_.host = "192.0.2.1";  // TEST-NET-1: never ours
    const auto foreign = Server::start(options_, factory, logger_);
    ASSERT_FALSE(foreign.has_value());
    EXPECT_EQ(foreign.error().message, "cannot listen on 192.0.2.1:0: Cannot assign requested address");
}

TEST_F(ServerTest, ListensOnIpv6) {
    options_.host = "::1";
    start(answer_ok);
    EXPECT_EQ(server_->url(), "http://[::1]:" + std::to_string(server_->port()));
}

}  // namespace
}  // namespace loadgen::services::platform
