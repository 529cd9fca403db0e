#include "services/platform/dispatcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "common/text/json_reader.hpp"
#include "services/platform/error_body.hpp"
#include "services/platform/health.hpp"
#include "services/platform/middlewares/access_log.hpp"
#include "services/platform/middlewares/body_limit.hpp"
#include "services/platform/middlewares/in_flight_limit.hpp"
#include "services/platform/middlewares/request_id.hpp"
#include "services/platform/middlewares/request_log.hpp"
#include "tests/unit/services_platform/fake_call.hpp"

namespace loadgen::services::platform::test {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

class StringSink final : public telemetry::LogSink {
  public:
    void write_line(std::string_view line) override { text += line; }
    std::string text;
};

class FixedClock final : public Clock {
  public:
    Instant now() const override { return instant; }
    WallTime wall_now() const override { return WallTime{971211336'000'000'000}; }
    Instant instant{};
};

template <typename... Links>
Middlewares chain(Links... links) {
    Middlewares made;
    (made.push_back(std::move(links)), ...);
    return made;
}

http::Response ok(std::string body = {}) {
    http::Response response;
    response.body = std::move(body);
    return response;
}

TEST(Dispatcher, AnswersUnknownPathsAndMethodsInTheErrorShape) {
    Router router;
    router.add("GET", "/x", [](const CallPtr& call) { call->answer(ok()); });
    Dispatcher dispatcher(std::move(router), chain(std::make_unique<RequestId>(1)));
    AnswerKeeper keeper(&dispatcher);
    dispatcher.dispatch(keeper.call("GET", "/y", {{"X-Request-Id", "r1"}}));
    dispatcher.dispatch(keeper.call("PUT", "/x", {{"X-Request-Id", "r2"}}));
    dispatcher.dispatch(keeper.call("GET", "/%", {{"X-Request-Id", "r3"}}));
    ASSERT_EQ(keeper.answers.size(), 3U);
    EXPECT_EQ(keeper.answers[0].status, 404);
    EXPECT_EQ(keeper.answers[0].body, R"({"message":"no such path","requestId":"r1"})");
    EXPECT_EQ(field(keeper.answers[0], "content-type"), "application/json");
    EXPECT_EQ(keeper.answers[1].status, 405);
    EXPECT_EQ(field(keeper.answers[1], "allow"), "GET, HEAD");
    EXPECT_EQ(keeper.answers[2].status, 400);
}

TEST(Dispatcher, AHandlerThatThrowsAnswers500AndOnlyTheLogKnowsWhy) {
    Router router;
    router.add("GET", "/", [](const CallPtr&) { throw std::runtime_error("secret detail"); });
    StringSink sink;
    const telemetry::Logger logger(sink, telemetry::LogLevel::kInfo);
    Dispatcher dispatcher(std::move(router), chain(std::make_unique<RequestLog>(logger, system_clock())));
    AnswerKeeper keeper(&dispatcher);
    dispatcher.dispatch(keeper.call("GET", "/"));
    ASSERT_EQ(keeper.answers.size(), 1U);
    EXPECT_EQ(keeper.answers[0].status, 500);
    EXPECT_EQ(keeper.answers[0].body, R"({"message":"internal error","requestId":""})");
    EXPECT_THAT(sink.text, HasSubstr("secret detail"));
    EXPECT_THAT(sink.text, HasSubstr(R"("level":"error")"));
}

TEST(Dispatcher, OnlyTheFirstAnswerCounts) {
    Router router;
    router.add("GET", "/", [](const CallPtr& call) {
        call->answer(ok("first"));
        call->answer(ok("second"));
    });
    Dispatcher dispatcher(std::move(router), {});
    AnswerKeeper keeper(&dispatcher);
    dispatcher.dispatch(keeper.call("GET", "/"));
    ASSERT_EQ(keeper.answers.size(), 1U);
    EXPECT_EQ(keeper.answers[0].body, "first");
}

TEST(RequestId, KeepsAHarmlessOneAndReplacesTheRest) {
    Router router;
    router.add("GET", "/", [](const CallPtr& call) { call->answer(ok()); });
    Dispatcher dispatcher(std::move(router), chain(std::make_unique<RequestId>(7)));
    AnswerKeeper keeper(&dispatcher);
    dispatcher.dispatch(keeper.call("GET", "/", {{"X-REQUEST-ID", "Abc-1_2.3"}}));
    EXPECT_EQ(field(keeper.answers.back(), "x-request-id"), "Abc-1_2.3");
    for (const std::string& bad :
         {std::string(), std::string("a b"), std::string("a\"b"), std::string(65, 'a')}) {
        dispatcher.dispatch(keeper.call("GET", "/", {{"x-request-id", bad}}));
        EXPECT_THAT(field(keeper.answers.back(), "x-request-id"), MatchesRegex("[0-9a-f]{32}"));
    }
    dispatcher.dispatch(keeper.call("GET", "/"));
    const std::string one = field(keeper.answers.back(), "x-request-id");
    dispatcher.dispatch(keeper.call("GET", "/"));
    EXPECT_NE(field(keeper.answers.back(), "x-request-id"), one);
}

TEST(RequestLog, TheLevelFollowsTheStatus) {
    StringSink sink;
    const FixedClock clock;
    const telemetry::Logger logger(sink, telemetry::LogLevel::kInfo, clock);
    Router router;
    router.add("GET", "/{status}", [](const CallPtr& call) {
        const int status = std::stoi(std::string(call->parameter("status")));
        call->error = status == 500 ? "disk gone" : "";
        call->answer(status < 400 ? ok() : error_response(*call, status, "told so"));
    });
    Dispatcher dispatcher(std::move(router),
                          chain(std::make_unique<RequestId>(7), std::make_unique<RequestLog>(logger, clock)));
    AnswerKeeper keeper(&dispatcher);
    for (const char* target : {"/200", "/404", "/500"}) {
        dispatcher.dispatch(keeper.call("GET", target, {{"x-request-id", "r"}}));
    }
    const std::string time = R"({"time":"2000-10-10T20:55:36.000Z","level":)";
    EXPECT_THAT(
        sink.text,
        HasSubstr(
            time +
            R"("info","message":"ok","requestId":"r","correlationId":"","status":200,"method":"GET",)"));
    EXPECT_THAT(
        sink.text,
        HasSubstr(time + R"("info","message":"told so","requestId":"r","correlationId":"","status":404)"));
    EXPECT_THAT(sink.text,
                HasSubstr(R"("error","message":"told so","requestId":"r","correlationId":"","status":500)"));
    EXPECT_THAT(sink.text, HasSubstr(R"("error":"disk gone"})"));
    EXPECT_THAT(sink.text, Not(HasSubstr(R"("level":"warn")")));
}

TEST(AccessLog, WritesCommonLogFormat) {
    StringSink sink;
    FixedClock clock;
    Router router;
    router.add("GET", "/{x}", [&clock](const CallPtr& call) {
        clock.instant += std::chrono::microseconds(1500);
        call->answer(ok("four"));
    });
    Dispatcher dispatcher(std::move(router),
                          chain(std::make_unique<RequestId>(7), std::make_unique<AccessLog>(sink, clock)));
    AnswerKeeper keeper(&dispatcher, clock);
    dispatcher.dispatch(keeper.call("GET", "/a\"\n\\b", {{"x-request-id", "r"}}));
    EXPECT_THAT(sink.text, MatchesRegex("127\\.0\\.0\\.1 - - \\[10/Oct/2000:20:55:36 \\+0000\\] "
                                        "\"GET /a\\\\x22\\\\x0a\\\\x5cb HTTP/1\\.1\" 200 4 \"r\" 1500\n"));
}

TEST(InFlightLimit, RefusesBeyondItAndForgetsTheAnswered) {
    std::vector<CallPtr> waiting;
    Router router;
    router.add("GET", "/", [&waiting](const CallPtr& call) { waiting.push_back(call); });
    Dispatcher dispatcher(std::move(router), chain(std::make_unique<InFlightLimit>(2)));
    AnswerKeeper keeper(&dispatcher);
    for (int i = 0; i < 3; ++i) dispatcher.dispatch(keeper.call("GET", "/"));
    ASSERT_EQ(waiting.size(), 2U);
    ASSERT_EQ(keeper.answers.size(), 1U);
    EXPECT_EQ(keeper.answers[0].status, 503);
    EXPECT_EQ(field(keeper.answers[0], "retry-after"), "1");
    waiting[0]->answer(ok());
    dispatcher.dispatch(keeper.call("GET", "/"));
    EXPECT_EQ(waiting.size(), 3U);
}

TEST(BodyLimit, CountsBytes) {
    Router router;
    router.add("PUT", "/", [](const CallPtr& call) { call->answer(ok()); });
    Dispatcher dispatcher(std::move(router), chain(std::make_unique<BodyLimit>(4)));
    AnswerKeeper keeper(&dispatcher);
    dispatcher.dispatch(keeper.call("PUT", "/", {}, "1234"));
    dispatcher.dispatch(keeper.call("PUT", "/", {}, "12345"));
    EXPECT_EQ(keeper.answers[0].status, 200);
    EXPECT_EQ(keeper.answers[1].status, 413);
    EXPECT_THAT(keeper.answers[1].body, HasSubstr("the body may have at most 4 bytes"));
}

TEST(Health, ReadyUntilItDrains) {
    bool draining = false;
    Router router;
    add_health_routes(router, [&draining] { return draining; });
    Dispatcher dispatcher(std::move(router), {});
    AnswerKeeper keeper(&dispatcher);
    const auto status = [&](const char* target) {
        dispatcher.dispatch(keeper.call("GET", target));
        return keeper.answers.back().status;
    };
    EXPECT_EQ(status("/health/live"), 200);
    EXPECT_EQ(status("/health/ready"), 200);
    draining = true;
    EXPECT_EQ(status("/health/live"), 200);
    EXPECT_EQ(status("/health/ready"), 503);
}

}  // namespace
}  // namespace loadgen::services::platform::test
