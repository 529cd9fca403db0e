// Functions that fail, end the process, or never end.
#include <cstdlib>
#include <filesystem>

#include "processor_fixture.hpp"

namespace loadgen::scripting {
namespace {

using text::Value;

struct Thrown {
    std::string function;
    std::string error;
    std::string detail;
};

TEST(ProcessorErrors, WhatIsThrownRejectedOrCalledBackFailsTheCall) {
    const std::vector<Thrown> cases = {
        {"throws", "it broke", "throws: Error: it broke\n    at "},
        {"throwsCode", "EBROKEN", "throwsCode: Error: it broke\n    at "},
        {"throwsText", "just a text", "throwsText: just a text"},
        {"throwsNothing", "undefined", "throwsNothing: undefined"},
        {"rejects", "no such thing", "rejects: TypeError: no such thing\n    at "},
        {"callsBack", "called back", "callsBack: Error: called back\n    at "},
    };
    std::vector<std::string> names;
    for (const Thrown& thrown : cases) names.push_back(thrown.function);
    Calls calls(options_for("errors.js", names));
    for (std::uint32_t i = 0; i < cases.size(); ++i) {
        const ProcessorReply reply = calls.call(1, i);
        EXPECT_FALSE(reply.ok);
        EXPECT_EQ(reply.error, cases[i].error);
        EXPECT_TRUE(reply.detail.starts_with(cases[i].detail)) << reply.detail;
        EXPECT_EQ(reply.detail.find("loadgen:"), std::string::npos) << "ours is no part of their stack";
    }
    EXPECT_EQ(calls.processor().statistics().failed, cases.size());
}

TEST(ProcessorErrors, ChangesBeforeTheErrorCount) {
    Calls calls(options_for("errors.js", {"changesAndFails"}));
    const ProcessorReply reply = calls.call(1, 0);
    EXPECT_FALSE(reply.ok);
    EXPECT_EQ(changed(reply.variables, "step"), "\"half done\"");
}

struct Crash {
    std::string function;
    std::string why;
};

TEST(ProcessorErrors, ACrashFailsWhatIsUnderWayAndANewProcessGoesOn) {
    for (const Crash& crash :
         {Crash{"exits", "exited with code 3"}, Crash{"aborts", "was killed by signal 6"},
          Crash{"throwsLater", "exited with code 1"}}) {
        ProcessorOptions options = options_for("errors.js", {crash.function, "works", "afterTime"});
        options.restart_pause = Nanos(1'000'000);
        Calls calls(std::move(options));
        EXPECT_EQ(changed(calls.call(7, 1, {{"count", Value(5.0)}}).variables, "count"), "6");
        const std::uint32_t generation = calls.processor().generation();
        const std::uint64_t bystander = calls.begin(8, 2);
        const ProcessorReply reply = calls.call(7, 0);
        EXPECT_FALSE(reply.ok);
        EXPECT_EQ(reply.error, "processor_crashed");
        EXPECT_EQ(reply.detail, crash.function + ": Node " + crash.why);
        EXPECT_EQ(calls.replies.at(bystander).error, "processor_crashed");
        EXPECT_NE(calls.processor().generation(), generation) << "all variables are to be sent again";
        EXPECT_EQ(changed(calls.call(7, 1, {{"count", Value(6.0)}}).variables, "count"), "7");
        EXPECT_EQ(calls.processor().statistics().restarts, 1U);
    }
}

TEST(ProcessorErrors, CallsMadeBetweenTwoProcessesWaitForTheNext) {
    ProcessorOptions options = options_for("errors.js", {"exits", "works"});
    options.restart_pause = Nanos(20'000'000);
    Calls calls(std::move(options));
    ASSERT_EQ(calls.call(1, 0).error, "processor_crashed");
    calls.begin(1, 1);
    calls.begin(2, 1);
    calls.run_until_replies(2);
    EXPECT_TRUE(calls.replies[1].ok) << calls.replies[1].detail;
    EXPECT_TRUE(calls.replies[2].ok) << calls.replies[2].detail;
}

TEST(ProcessorErrors, RestartsEnd) {
    ProcessorOptions options = options_for("errors.js", {"exits", "works"});
    options.restart_pause = Nanos(1'000'000);
    options.max_restarts = 2;
    Calls calls(std::move(options));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(calls.call(1, 0).error, "processor_crashed");
    const ProcessorReply reply = calls.call(1, 1);
    EXPECT_EQ(reply.error, "processor_unavailable");
    EXPECT_EQ(reply.detail, "works: Node ended too often; the last time: Node exited with code 3");
    EXPECT_EQ(calls.processor().statistics().restarts, 2U);
}

TEST(ProcessorErrors, ASlowFunctionExpiresAloneAndItsReplyIsDropped) {
    ProcessorOptions options = options_for("errors.js", {"neverCallsBack", "works"});
    options.call_timeout = Nanos(2'000'000'000);
    Calls calls(std::move(options));
    ASSERT_TRUE(calls.call(2, 1).ok);
    const ProcessorReply reply = calls.call(1, 0);
    EXPECT_EQ(reply.error, "processor_timeout");
    EXPECT_EQ(reply.detail, "neverCallsBack: no answer within 2s");
    EXPECT_TRUE(calls.call(1, 1).ok);
    EXPECT_EQ(calls.processor().statistics().expired, 1U);
    EXPECT_EQ(calls.processor().statistics().restarts, 0U) << "the process itself was well";
}

TEST(ProcessorErrors, AFunctionThatNeverEndsCostsTheProcess) {
    ProcessorOptions options = options_for("errors.js", {"neverEnds", "works"});
    options.call_timeout = Nanos(2'000'000'000);
    options.restart_pause = Nanos(1'000'000);
    Calls calls(std::move(options));
    ASSERT_TRUE(calls.call(2, 1).ok);
    EXPECT_EQ(calls.call(1, 0).error, "processor_timeout");
    const std::uint32_t generation = calls.processor().generation();
    while (calls.processor().generation() == generation) calls.turn();
    EXPECT_TRUE(calls.call(2, 1).ok);
    EXPECT_EQ(calls.processor().statistics().restarts, 1U);
}

TEST(ProcessorErrors, WhatFunctionsPrintArrivesLineByLine) {
    Calls calls(options_for("errors.js", {"prints", "works"}));
    ASSERT_TRUE(calls.call(1, 0).ok);
    while (calls.lines.size() < 2) calls.turn();
    EXPECT_EQ(calls.lines, (std::vector<std::string>{"one line", "and another"}));
    ASSERT_TRUE(calls.call(1, 0).ok);
    while (calls.lines.size() < 4) calls.turn();
}

TEST(ProcessorErrors, LastWordsArePrinted) {
    std::vector<std::string> lines;
    ProcessorOptions options = options_for("errors.js", {"lastWords"});
    options.print = [&](std::string_view line) { lines.emplace_back(line); };
    {
        Calls calls(std::move(options));
        ASSERT_TRUE(calls.call(1, 0).ok);
    }
    EXPECT_EQ(lines, std::vector<std::string>{"good bye"});
}

TEST(ProcessorErrors, TheStackOfACrashIsPrinted) {
    Calls calls(options_for("errors.js", {"throwsLater"}));
    EXPECT_EQ(calls.call(1, 0).error, "processor_crashed");
    bool found = false;
    for (const std::string& line : calls.lines) found = found || line == "Error: out of nowhere";
    EXPECT_TRUE(found);
}

TEST(ProcessorErrors, TooManyWaitingCallsAreRefused) {
    ProcessorOptions options = options_for("errors.js", {"afterTime"});
    options.max_waiting_calls = 3;
    Calls calls(std::move(options));
    for (std::uint64_t user = 0; user < 5; ++user) calls.begin(user, 0);
    EXPECT_TRUE(calls.replies.empty()) << "never from inside a call";
    calls.run_until_replies(5);
    EXPECT_TRUE(calls.replies[2].ok);
    EXPECT_EQ(calls.replies[3].error, "processor_overloaded");
    EXPECT_EQ(calls.replies[4].error, "processor_overloaded");
    EXPECT_EQ(calls.processor().statistics().refused, 2U);
}

TEST(ProcessorErrors, AModuleThatFailsToLoadFailsEveryCall) {
    Calls calls(options_for("broken.js", {"f"}));
    calls.begin(1, 0);
    calls.run_until_replies(1);
    EXPECT_EQ(calls.replies[0].error, "processor_unavailable");
    EXPECT_NE(calls.replies[0].detail.find("Error: not today"), std::string::npos);
    EXPECT_EQ(calls.call(1, 0).error, "processor_unavailable");
}

}  // namespace
}  // namespace loadgen::scripting
