// Variables on their way to functions and back.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <limits>

#include "processor_fixture.hpp"

namespace loadgen::scripting {
namespace {

using text::Value;

TEST(ProcessorValues, EveryKindOfValueThatAFunctionSets) {
    Calls calls(options_for("values.js", {"set"}));
    const ProcessorReply reply = calls.call(1, 0);
    ASSERT_TRUE(reply.ok) << reply.detail;
    const auto& set = reply.variables;
    EXPECT_EQ(changed(set, "text"), "\"grün \\\"€\\\" \U0001F600\\n\"");
    EXPECT_EQ(changed(set, "empty"), "\"\"");
    EXPECT_EQ(changed(set, "number"), "1.5");
    EXPECT_EQ(changed(set, "huge"), "123456789012345680000");
    EXPECT_EQ(changed(set, "inside"), R"({"huge":123456789012345680000,"digits":"1234567890123456789012"})");
    EXPECT_EQ(changed(set, "negative"), "0");
    EXPECT_EQ(changed(set, "notANumber"), "NaN");
    EXPECT_EQ(changed(set, "infinite"), "-Infinity");
    EXPECT_EQ(changed(set, "yes"), "true");
    EXPECT_EQ(changed(set, "nothing"), "null");
    EXPECT_EQ(changed(set, "notThere"), "-");
    EXPECT_EQ(changed(set, "list"), "[1,null,null]");
    EXPECT_EQ(changed(set, "object"), R"({"a":{"b":[null]}})");
    EXPECT_EQ(changed(set, "date"), "\"2026-01-02T00:00:00.000Z\"");
    EXPECT_EQ(changed(set, "big"), "42");
    EXPECT_EQ(changed(set, "veryBig"), "\"123456789012345678901234567890\"");
    EXPECT_EQ(changed(set, "withBig"), R"({"id":"9007199254740993"})");
    EXPECT_EQ(changed(set, "map"), "{}");
    EXPECT_EQ(changed(set, "circular"), "-") << "stays with the function";
    EXPECT_EQ(changed(set, "fn"), "-");
    EXPECT_EQ(changed(set, "symbol"), "-");
    EXPECT_EQ(changed(set, "surrogate"), "\"a\uFFFDb\\\\ud800\"");
    EXPECT_EQ(changed(set, "deep"), "-");
    EXPECT_EQ(changed(set, "quo\"te"), "1");
    const auto bytes = std::find_if(set.begin(), set.end(), [](const auto& m) { return m.first == "bytes"; });
    ASSERT_NE(bytes, set.end());
    EXPECT_EQ(bytes->second.string(), std::string("\x00\x80\xff", 3));
    EXPECT_TRUE(calls.call(1, 0).ok);
}

TEST(ProcessorValues, NothingComesBackThatDidNotChange) {
    Calls calls(options_for("values.js", {"nothing"}));
    const ProcessorReply reply =
        calls.call(1, 0,
                   {{"text", Value("a")},
                    {"number", Value(-0.5)},
                    {"tiny", Value(1e-7)},
                    {"nan", Value(std::numeric_limits<double>::quiet_NaN())},
                    {"infinite", Value(std::numeric_limits<double>::infinity())},
                    {"null", Value::null()},
                    {"no", Value(false)},
                    {"undefined", Value()},
                    {"list", json(R"([1,"grün\n",{"a":1e21,"b":-0.000001,"c":"/\u007f"}])")},
                    {"long", Value(Value::Array(1000, Value("element")))}});
    ASSERT_TRUE(reply.ok) << reply.detail;
    EXPECT_TRUE(reply.variables.empty()) << reply.variables.front().first;
}

TEST(ProcessorValues, OnlyChangesTravelOnTheSecondCall) {
    Calls calls(options_for("values.js", {"set", "nothing"}));
    EXPECT_GT(calls.call(1, 0).variables.size(), 10U);
    EXPECT_TRUE(calls.call(1, 1).variables.empty());
}

TEST(ProcessorValues, TheContextOfAUserLives) {
    Calls calls(options_for("values.js", {"keep", "useKept"}));
    ASSERT_TRUE(calls.call(1, 0).ok);
    EXPECT_EQ(changed(calls.call(1, 1).variables, "result"), "\"closed true\"");
    calls.processor().end_user(1);
    EXPECT_FALSE(calls.call(1, 1).ok) << "another user by the same number";
}

TEST(ProcessorValues, DeletedVariablesAreUndefined) {
    Calls calls(options_for("values.js", {"remove", "nothing"}));
    const ProcessorReply reply = calls.call(1, 0, {{"gone", Value(1.0)}, {"emptied", Value(2.0)}});
    EXPECT_EQ(changed(reply.variables, "gone"), "undefined");
    EXPECT_EQ(changed(reply.variables, "emptied"), "undefined");
    EXPECT_TRUE(calls.call(1, 1).variables.empty());
    EXPECT_TRUE(calls.call(1, 0).variables.empty()) << "it was gone already";
}

TEST(ProcessorValues, AnotherObjectInThePlaceOfVars) {
    ProcessorOptions options = options_for("values.js", {"replace", "afterReplace"});
    Calls calls(options);
    const ProcessorReply reply = calls.call(1, 0, {{"before", Value("x")}});
    EXPECT_EQ(changed(reply.variables, "before"), "undefined");
    EXPECT_EQ(changed(reply.variables, "only"), "1");
    EXPECT_EQ(changed(calls.call(1, 1, {{"sent", Value(2.0)}}).variables, "later"), "3");
}

TEST(ProcessorValues, ChangesInsideOfObjectsAreSeen) {
    Calls calls(options_for("values.js", {"mutate", "nothing", "show"}));
    const Value small = json(R"({"list":[1,2,3]})");
    const Value big(Value::Object{{"marker", Value(std::string(2000, 'm'))}, {"list", json("[1]")}});
    ProcessorReply reply = calls.call(1, 0, {{"small", small}, {"big", big}});
    ASSERT_TRUE(reply.ok) << reply.detail;
    EXPECT_EQ(changed(reply.variables, "small"), R"({"list":[1,2,3,4]})");
    EXPECT_TRUE(changed(reply.variables, "big").ends_with(R"("list":[1,"end"]})"));
    EXPECT_TRUE(calls.call(1, 1).variables.empty());
    reply = calls.call(2, 2, {{"big", big}});
    EXPECT_EQ(changed(reply.variables, "shown"), "true");
    EXPECT_EQ(changed(reply.variables, "big"), "-") << "looked at, and the same";
    EXPECT_TRUE(calls.call(2, 1).variables.empty());
}

TEST(ProcessorValues, SharedVariablesAreOneObjectForAllUsers) {
    ProcessorOptions options = options_for("values.js", {"mutateShared", "readShared", "reassignShared"});
    options.shared_variables = {{"rows", json(R"([{"name":"a"}])")}};
    Calls calls(std::move(options));
    EXPECT_EQ(changed(calls.call(1, 1).variables, "first"), "\"a\"");
    const ProcessorReply reply = calls.call(1, 0);
    EXPECT_EQ(changed(reply.variables, "first"), "\"changed\"");
    EXPECT_EQ(changed(reply.variables, "rows"), "-");
    EXPECT_EQ(changed(calls.call(2, 1).variables, "first"), "\"changed\"") << "as with Artillery's loadAll";
    EXPECT_EQ(changed(calls.call(2, 2).variables, "rows"), R"([{"name":"new"}])");
    EXPECT_EQ(changed(calls.call(3, 1).variables, "first"), "\"changed\"");
}

TEST(ProcessorValues, WhatWasLeftRunningIsToldNextTime) {
    Calls calls(options_for("values.js", {"changeInBackground", "waitABit"}));
    EXPECT_TRUE(calls.call(1, 0).variables.empty());
    EXPECT_EQ(changed(calls.call(1, 1).variables, "background"), "\"done\"");
}

TEST(ProcessorValues, GiantVariablesBothWays) {
    Calls calls(options_for("values.js", {"makeGiant", "measureGiant"}));
    constexpr double kSize = 8'000'000;
    ProcessorReply reply = calls.call(1, 0, {{"size", Value(kSize)}});
    ASSERT_TRUE(reply.ok) << reply.detail;
    ASSERT_EQ(reply.variables.size(), 1U);
    const Value giant = reply.variables[0].second;
    EXPECT_EQ(giant.string().size(), 8'000'000U);
    reply = calls.call(2, 1, {{"giant", giant}});
    EXPECT_EQ(changed(reply.variables, "length"), "8000000");
}

TEST(ProcessorValues, WhatIsTooLongFailsOnlyItsOwnCall) {
    ProcessorOptions options = options_for("values.js", {"makeGiant", "measureGiant", "nothing"});
    options.max_frame_bytes = 10'000;
    Calls calls(std::move(options));
    ProcessorReply reply = calls.call(1, 0, {{"size", Value(20'000.0)}});
    EXPECT_FALSE(reply.ok);
    EXPECT_EQ(reply.error, "it changed more than fits into a message of 10000 bytes");
    reply = calls.call(2, 1, {{"giant", Value(std::string(20'000, 'x'))}});
    EXPECT_EQ(reply.error, "processor_message_too_long");
    EXPECT_EQ(reply.detail, "measureGiant: variables, request and response have more than 10000 bytes");
    EXPECT_TRUE(calls.call(3, 2).ok);
}

Value any_value(int depth) {
    const int kind = *rc::gen::inRange(0, depth > 0 ? 6 : 4);
    if (kind == 0) return Value::null();
    if (kind == 1) return Value(*rc::gen::arbitrary<bool>());
    if (kind == 2) return Value(*rc::gen::arbitrary<double>());
    if (kind == 3) return Value(*rc::gen::container<std::string>(rc::gen::inRange<char>(0, 127)));
    Value::Array elements;
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) elements.push_back(any_value(depth - 1));
    if (kind == 4) return Value(std::move(elements));
    Value::Object members;
    for (Value& element : elements) {
        members.emplace_back("m" + std::to_string(members.size()), std::move(element));
    }
    return Value(std::move(members));
}

RC_GTEST_PROP(ProcessorValues, AnythingSentIsUnderstoodAndLeftAlone, ()) {
    static Calls calls(options_for("values.js", {"nothing"}));
    static std::uint64_t user = 0;
    ProcessorCall call;
    call.user = ++user;
    call.variables = {{"any", any_value(3)}};
    const ProcessorReply reply = calls.call(std::move(call));
    RC_ASSERT(reply.ok);
    RC_ASSERT(reply.variables.empty());
}

}  // namespace
}  // namespace loadgen::scripting
