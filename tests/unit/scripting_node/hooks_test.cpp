// What each hook is given, and what comes back of it.
#include <algorithm>

#include "processor_fixture.hpp"

namespace loadgen::scripting {
namespace {

using text::Value;

enum Function : std::uint32_t {
    kLook,
    kChange,
    kSendBytes,
    kLeaveAlone,
    kRead,
    kOnErrorHook,
    kIsBig,
    kIsBigLater,
    kIsBigDone,
    kMore,
    kMoreReturned,
    kCount,
    kCountLater,
    kListen,
};

ProcessorOptions hook_options() {
    ProcessorOptions options = options_for(
        "hooks.js", {"look", "change", "sendBytes", "leaveAlone", "read", "onError", "isBig", "isBigLater",
                     "isBigDone", "more", "moreReturned", "count", "countLater", "listen"});
    options.scenarios = {json(R"({"name":"first"})"), json(R"({"name":"second","weight":2})")};
    options.shared_variables = {{"target", Value("http://shop")}};
    options.test_id = "run-1";
    return options;
}

TEST(ProcessorHooks, ContextIsArtillerys) {
    Calls calls(hook_options());
    ProcessorCall call;
    call.function = kLook;
    call.scenario = 1;
    const Value list = json(R"([{"name":"a"},{"name":"b"}])");
    call.variables = {{"$uuid", Value("u-1")}, {"list", list}};
    const ProcessorReply reply = calls.call(std::move(call));
    ASSERT_TRUE(reply.ok) << reply.detail;
    const Value* seen = nullptr;
    for (const auto& [name, value] : reply.variables) {
        if (name == "seen") seen = &value;
    }
    ASSERT_NE(seen, nullptr);
    EXPECT_EQ(
        seen->string(),
        R"({"scenario":{"name":"second","weight":2},"uid":"u-1","testId":"run-1","target":"http://shop"})");
    EXPECT_EQ(changed(reply.variables, "sameEnvironment"), "true");
    EXPECT_EQ(changed(reply.variables, "number"), "7");
    EXPECT_EQ(changed(reply.variables, "text").size(), 14U);
    EXPECT_EQ(changed(reply.variables, "rendered"), R"("http://shop/b")");
    EXPECT_EQ(changed(reply.variables, "typed"), R"([{"name":"a"},{"name":"b"}])");
    EXPECT_EQ(changed(reply.variables, "runId"), R"("run-1")");
    EXPECT_EQ(reply.variables.size(), 7U) << "nothing else has changed";
}

ProcessorCall request_call(Function function) {
    ProcessorCall call;
    call.function = function;
    call.hook = Hook::kBeforeRequest;
    call.request =
        json(R"({"url":"/items","method":"POST","headers":{"x-a":"1"},"json":{"id":7},"form":{"f":1}})");
    return call;
}

TEST(ProcessorHooks, ChangesOfTheRequestComeBack) {
    Calls calls(hook_options());
    ProcessorCall call = request_call(kChange);
    call.variables = {{"page", Value(3.0)}};
    const ProcessorReply reply = calls.call(std::move(call));
    ASSERT_TRUE(reply.ok) << reply.detail;
    EXPECT_EQ(changed(reply.request, "url"), R"("/items?page=3")");
    EXPECT_EQ(changed(reply.request, "headers"), R"({"x-a":"1","x-signed":"yes"})");
    EXPECT_EQ(changed(reply.request, "json"), R"({"id":7,"added":[1,2]})");
    EXPECT_EQ(changed(reply.request, "method"), R"("PUT")");
    EXPECT_EQ(changed(reply.request, "cookie"), R"({"session":"abc"})");
    EXPECT_EQ(changed(reply.request, "form"), "undefined");
    EXPECT_EQ(changed(reply.request, "uuid").size(), 38U);
    EXPECT_EQ(changed(reply.request, "uuid"), changed(reply.variables, "uuid"));
}

TEST(ProcessorHooks, ARequestLeftAloneBringsOnlyItsNumber) {
    Calls calls(hook_options());
    const ProcessorReply reply = calls.call(request_call(kLeaveAlone));
    ASSERT_TRUE(reply.ok) << reply.detail;
    ASSERT_EQ(reply.request.size(), 1U);
    EXPECT_EQ(reply.request[0].first, "uuid");
    EXPECT_TRUE(reply.variables.empty());
}

TEST(ProcessorHooks, ABufferAsBodyIsItsBytes) {
    Calls calls(hook_options());
    const ProcessorReply reply = calls.call(request_call(kSendBytes));
    ASSERT_TRUE(reply.ok) << reply.detail;
    const auto body = std::find_if(reply.request.begin(), reply.request.end(),
                                   [](const Value::Member& member) { return member.first == "body"; });
    ASSERT_NE(body, reply.request.end());
    EXPECT_EQ(body->second.string(), std::string("\x00\xff\xfe\n", 4));
}

TEST(ProcessorHooks, AfterResponseReadsTheResponse) {
    Calls calls(hook_options());
    ProcessorCall call = request_call(kRead);
    call.hook = Hook::kAfterResponse;
    call.response = json(
        R"({"statusCode":201,"headers":{"content-type":"application/json"},"body":"{\"id\":\"ä-1\"}",
            "url":"http://shop/items","timings":{"phases":{"firstByte":12.5}}})");
    const ProcessorReply reply = calls.call(std::move(call));
    ASSERT_TRUE(reply.ok) << reply.detail;
    EXPECT_EQ(changed(reply.variables, "line"),
              R"("/items 201 application/json ä-1 12.5 http://shop/items")");
    EXPECT_TRUE(reply.request.empty());
}

TEST(ProcessorHooks, OnErrorIsToldWhatHappened) {
    Calls calls(hook_options());
    ProcessorCall call = request_call(kOnErrorHook);
    call.hook = Hook::kOnError;
    call.error = "ECONNREFUSED";
    const ProcessorReply reply = calls.call(std::move(call));
    ASSERT_TRUE(reply.ok) << reply.detail;
    EXPECT_EQ(changed(reply.variables, "lastError"), R"("ECONNREFUSED at /items")");
}

TEST(ProcessorHooks, ConditionsAnswer) {
    Calls calls(hook_options());
    for (const Function function : {kIsBig, kIsBigLater, kIsBigDone}) {
        for (const double size : {3.0, 30.0}) {
            ProcessorCall call;
            call.hook = Hook::kIfTrue;
            call.function = function;
            call.variables = {{"size", Value(size)}};
            const ProcessorReply reply = calls.call(std::move(call));
            ASSERT_TRUE(reply.ok) << reply.detail;
            EXPECT_EQ(reply.answer, size > 10) << function;
        }
    }
    for (const Function function : {kMore, kMoreReturned}) {
        for (const double count : {2.0, 3.0}) {
            ProcessorCall call;
            call.hook = Hook::kWhileTrue;
            call.function = function;
            call.variables = {{"$loopCount", Value(count)}};
            EXPECT_EQ(calls.call(std::move(call)).answer, count < 3) << function;
        }
    }
}

TEST(ProcessorHooks, MetricsComeBeforeTheReply) {
    Calls calls(hook_options());
    ASSERT_TRUE(calls.call(1, kCount).ok);
    std::string text;
    for (const EmittedMetric& metric : calls.metrics) {
        text += std::to_string(static_cast<int>(metric.kind)) + ' ' + metric.name + ' ' +
                Value(metric.value).to_text() + '\n';
    }
    EXPECT_EQ(text,
              "0 orders 2\n0 orders.one 1\n1 basket.size 3.5\n1 basket.weight 12\n1 old 4\n2 order.rate 1\n"
              "3 out_of_stock 1\n");
}

TEST(ProcessorHooks, MetricsMayComeAfterTheReply) {
    Calls calls(hook_options());
    ASSERT_TRUE(calls.call(1, kCountLater).ok);
    calls.run_until_metrics(1);
    EXPECT_EQ(calls.metrics[0].name, "late");
}

TEST(ProcessorHooks, OtherEventsReachTheirListeners) {
    Calls calls(hook_options());
    EXPECT_EQ(changed(calls.call(1, kListen).variables, "wish"), R"("granted")");
    EXPECT_TRUE(calls.metrics.empty());
}

}  // namespace
}  // namespace loadgen::scripting
