#include <gtest/gtest.h>

#include "loadgen/steps/flow/loop.hpp"
#include "loadgen/steps/flow/think.hpp"
#include "loadgen/steps/user.hpp"

using namespace loadgen;
using text::Value;
using namespace std::chrono_literals;

TEST(ThinkTime, WholeNumbersAreSecondsAndTextsCarryUnits) {
    EXPECT_EQ(*steps::think_time(Value(2.0)), Nanos(2s));
    EXPECT_EQ(*steps::think_time(Value("3")), Nanos(3s));
    EXPECT_EQ(*steps::think_time(Value("500ms")), Nanos(500ms));
    EXPECT_EQ(*steps::think_time(Value("0.5 min")), Nanos(30s));
    EXPECT_EQ(*steps::think_time(Value("9 Seconds")), Nanos(9s));
    EXPECT_EQ(*steps::think_time(Value("1h")), Nanos(1h));
}

// Artillery reads 0.5 as half a millisecond.
TEST(ThinkTime, AFractionWithoutAUnitIsSeconds) {
    EXPECT_EQ(*steps::think_time(Value(0.5)), Nanos(500ms));
    EXPECT_EQ(*steps::think_time(Value("1.5")), Nanos(1500ms));
}

TEST(ThinkTime, SaysWhatItFound) {
    for (const Value& wrong :
         {Value("soon"), Value("5 parsecs"), Value(-1.0), Value(), Value(true), Value("")}) {
        EXPECT_FALSE(steps::think_time(wrong)) << wrong.to_text();
    }
    EXPECT_EQ(steps::think_time(Value("soon")).error().message,
              "found soon as a think time, expected seconds or a text such as \"500ms\"");
}

TEST(LoopRange, CountsAsArtilleryDoes) {
    const auto range = [](const Value& count) {
        const auto made = steps::loop_range(count);
        return std::pair(made.begin, made.end);
    };
    EXPECT_EQ(range(Value(3.0)), std::pair(std::int64_t{0}, std::int64_t{3}));
    EXPECT_EQ(range(Value("3")), std::pair(std::int64_t{0}, std::int64_t{3}));
    EXPECT_EQ(range(Value("2-5")), std::pair(std::int64_t{2}, std::int64_t{5}));
    EXPECT_EQ(range(Value(-1.0)), std::pair(std::int64_t{0}, std::int64_t{-1}));
    EXPECT_EQ(range(Value("-1")), std::pair(std::int64_t{0}, std::int64_t{-1}));
    EXPECT_EQ(range(Value("abc")), std::pair(std::int64_t{0}, std::int64_t{0}));
}

TEST(WithMember, MakesWhatIsMissingAndKeepsTheRest) {
    const Value base(Value::Object{{"a", Value(1.0)}});
    const Value deep = steps::with_member(base, {"b", "c"}, 0, Value("x"));
    EXPECT_EQ(deep.to_text(), R"({"a":1,"b":{"c":"x"}})");
    EXPECT_EQ(base.to_text(), R"({"a":1})");
    EXPECT_EQ(steps::with_member(Value(), {"list", "2"}, 0, Value(true)).to_text(),
              R"({"list":[null,null,true]})");
    EXPECT_EQ(steps::with_member(deep, {"b"}, 0, Value::null()).to_text(), R"({"a":1,"b":null})");
}
