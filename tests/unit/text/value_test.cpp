#include "common/text/value.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace loadgen::text {
namespace {

Value parsed(std::string_view json) {
    auto value = parse_json_value(json);
    EXPECT_TRUE(value) << json;
    return value ? *value : Value();
}

std::string json_of(const Value& value) {
    std::string out;
    value.append_json(out);
    return out;
}

// The expected results are Node's; tests/interop/text asks Node itself for many more.
TEST(Value, BecomesANumberAsInJavaScript) {
    const auto number = [](std::string_view text) { return Value(text).to_number(); };
    for (const std::string_view zero :
         {"", "  ", "\n\t\u00a0\ufeff\u2003", "0", "-0", "+0", "0x0", "1e-999", "0."}) {
        EXPECT_EQ(number(zero), 0) << zero;
    }
    EXPECT_TRUE(std::signbit(number("-0")));
    EXPECT_EQ(number(" 12.5 "), 12.5);
    EXPECT_EQ(number("\ufeff5\u2028"), 5);
    EXPECT_EQ(number("+.5e1"), 5);
    EXPECT_EQ(number("0x1F"), 31);
    EXPECT_EQ(number("0B101"), 5);
    EXPECT_EQ(number("0o17"), 15);
    EXPECT_EQ(number("017"), 17);
    EXPECT_EQ(number("1e400"), HUGE_VAL);
    EXPECT_EQ(number("-Infinity"), -HUGE_VAL);
    for (const std::string_view none : {"abc", "1 2", "1_000", "inf", "Inf", "nan", "infinity", "+-5", "--5",
                                        "-0x1F", "0x", "0xG", "1e", ".", "e5", "5px", "1,5", "\u00855"}) {
        EXPECT_TRUE(std::isnan(number(none))) << none;
    }
    EXPECT_EQ(Value::null().to_number(), 0);
    EXPECT_EQ(Value(true).to_number(), 1);
    EXPECT_TRUE(std::isnan(Value().to_number()));
    EXPECT_EQ(parsed("[]").to_number(), 0);
    EXPECT_EQ(parsed("[[\"5\"]]").to_number(), 5);
    EXPECT_EQ(parsed("[null]").to_number(), 0);
    EXPECT_TRUE(std::isnan(parsed("[true]").to_number()));
    EXPECT_TRUE(std::isnan(parsed("[1,2]").to_number()));
    EXPECT_TRUE(std::isnan(parsed("{}").to_number()));
}

TEST(Value, IsTrueAsInJavaScript) {
    for (const std::string_view no : {"null", "false", "0", "-0.0", "\"\""})
        EXPECT_FALSE(parsed(no).truthy()) << no;
    for (const std::string_view yes : {"true", "1", "-1e-300", "\"0\"", "\" \"", "[]", "{}"}) {
        EXPECT_TRUE(parsed(yes).truthy()) << yes;
    }
    EXPECT_FALSE(Value().truthy());
    EXPECT_FALSE(Value::number(NAN).truthy());
}

TEST(Value, BecomesText) {
    EXPECT_EQ(Value().to_text(), "undefined");
    EXPECT_EQ(Value::null().to_text(), "null");
    EXPECT_EQ(Value(false).to_text(), "false");
    EXPECT_EQ(Value::number(NAN).to_text(), "NaN");
    EXPECT_EQ(Value::number(-HUGE_VAL).to_text(), "-Infinity");
    EXPECT_EQ(Value::number(-0.0).to_text(), "0");
    EXPECT_EQ(Value::number(1e21).to_text(), "1e+21");
    EXPECT_EQ(Value::number(123456789012345680000.0).to_text(), "123456789012345680000");
    EXPECT_EQ(Value::number(0.000001).to_text(), "0.000001");
    EXPECT_EQ(Value::number(1e-7).to_text(), "1e-7");
    EXPECT_EQ(Value("a\"b").to_text(), "a\"b");
    EXPECT_EQ(parsed(R"( {"a" : [1, "x", null]} )").to_text(), R"({"a":[1,"x",null]})");
}

TEST(Value, BecomesJson) {
    EXPECT_EQ(json_of(Value()), "null");
    EXPECT_EQ(json_of(Value(Value::Array{Value(), Value::number(NAN), Value::number(-0.0)})),
              "[null,null,0]");
    EXPECT_EQ(json_of(Value(Value::Object{{"a", Value()}, {"b", Value(true)}})), R"({"b":true})");
    EXPECT_EQ(json_of(Value("\u2028/\x7f\x01\n\"\\é")), "\"\u2028/\x7f\\u0001\\n\\\"\\\\é\"");
}

TEST(Value, FindsMembers) {
    const Value value = parsed(R"({"a":1,"":2})");
    ASSERT_NE(value.find("a"), nullptr);
    EXPECT_EQ(value.find("")->number(), 2);
    EXPECT_EQ(value.find("b"), nullptr);
    EXPECT_EQ(parsed("[1]").find("0"), nullptr);
}

TEST(Value, ComparesByContent) {
    EXPECT_EQ(parsed(R"({"a":[1,{"b":null}],"c":"x"})"), parsed(R"({"c":"x","a":[1.0,{"b":null}]})"));
    EXPECT_FALSE(parsed(R"({"a":1,"b":2})") == parsed(R"({"a":1,"c":2})"));
    EXPECT_FALSE(parsed(R"({"a":1})") == parsed(R"({"a":1,"b":2})"));
    EXPECT_FALSE(parsed("[1,2]") == parsed("[2,1]"));
    EXPECT_FALSE(parsed("1") == parsed("\"1\""));
    EXPECT_FALSE(Value() == Value::null());
    EXPECT_EQ(Value(), Value());
    EXPECT_FALSE(Value::number(NAN) == Value::number(NAN));
}

TEST(Value, TheLastMemberOfANameCounts) {
    EXPECT_EQ(json_of(parsed(R"({"a":1,"b":2,"a":3,"c":4,"a":5})")), R"({"a":5,"b":2,"c":4})");
    std::string many = "{";
    std::string expected = "{";
    for (int i = 0; i < 40; ++i) many += "\"k" + std::to_string(i) + "\":1,";
    for (int i = 0; i < 40; ++i)
        many += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + (i < 39 ? "," : "}");
    for (int i = 0; i < 40; ++i)
        expected += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + (i < 39 ? "," : "}");
    EXPECT_EQ(json_of(parsed(many)), expected);
}

TEST(Value, LargeObjectsTakeNoQuadraticTime) {
    // A quarter of a million members: compared one by one this would take minutes, and the test its time-out.
    std::string forwards = "{";
    std::string backwards = "{";
    constexpr int kMembers = 250'000;
    for (int i = 0; i < kMembers; ++i) {
        const std::string comma = i + 1 < kMembers ? "," : "}";
        forwards += "\"member" + std::to_string(i) + "\":0" + comma;
        backwards += "\"member" + std::to_string(kMembers - 1 - i) + "\":0" + comma;
    }
    EXPECT_EQ(parsed(forwards).members().size(), kMembers);
    EXPECT_EQ(parsed(forwards), parsed(backwards));
}

TEST(Value, SaysWhereJsonIsWrong) {
    const auto value = parse_json_value("{\n  \"a\": nul\n}");
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().message, "line 2, column 8: found 'n', expected a value");
}

TEST(Value, NamesItsKinds) {
    EXPECT_EQ(kind_name(parsed("null").kind()), "null");
    EXPECT_EQ(kind_name(Value().kind()), "undefined");
    EXPECT_EQ(kind_name(parsed("true").kind()), "a boolean");
    EXPECT_EQ(kind_name(parsed("1").kind()), "a number");
    EXPECT_EQ(kind_name(parsed("\"\"").kind()), "a string");
    EXPECT_EQ(kind_name(parsed("[]").kind()), "an array");
    EXPECT_EQ(kind_name(parsed("{}").kind()), "an object");
}

}  // namespace
}  // namespace loadgen::text
