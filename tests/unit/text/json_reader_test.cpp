#include "common/text/json_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace loadgen::text {
namespace {

std::string fault(std::string_view json, JsonLimits limits = {}) {
    JsonDocument document(limits);
    const auto root = document.parse(json);
    return root ? "" : root.error().message;
}

TEST(JsonReader, ReadsEveryKind) {
    JsonDocument document;
    const auto root = document.parse(R"({"n":null,"b":true,"i":-5,"u":18446744073709551615,"d":0.5,)"
                                     R"("s":"a\u00e9\n","l":[1,[2]],"o":{"x":1}})");
    ASSERT_TRUE(root) << root.error().message;
    EXPECT_EQ(root->kind(), JsonKind::kObject);
    EXPECT_EQ(root->size(), 8U);
    EXPECT_TRUE(root->find("n")->is_null());
    EXPECT_EQ(root->find("b")->as_bool(), true);
    EXPECT_EQ(root->find("i")->as_int(), -5);
    EXPECT_EQ(root->find("i")->as_uint(), std::nullopt);
    EXPECT_EQ(root->find("u")->as_uint(), 18446744073709551615U);
    EXPECT_EQ(root->find("u")->as_int(), std::nullopt);
    EXPECT_EQ(root->find("d")->as_double(), 0.5);
    EXPECT_EQ(root->find("s")->as_string(), "a\u00e9\n");
    EXPECT_EQ(root->find("l")->at(1)->at(0)->as_int(), 2);
    EXPECT_FALSE(root->find("l")->at(2));
    EXPECT_EQ(root->find("o")->find("x")->as_double(), 1.0);
    EXPECT_FALSE(root->find("absent"));
    EXPECT_FALSE(root->find("s")->find("x"));
}

TEST(JsonReader, VisitsMembersInOrderUntilTold) {
    JsonDocument document;
    const auto root = document.parse(R"({"z":[10,20],"a":2,"m":3})");
    ASSERT_TRUE(root);
    std::vector<std::string> names;
    root->for_each_member([&](std::string_view name, JsonValue) {
        names.emplace_back(name);
        return name != "a";
    });
    EXPECT_EQ(names, (std::vector<std::string>{"z", "a"}));
    std::int64_t sum = 0;
    root->find("z")->for_each_element([&](JsonValue value) {
        sum += *value.as_int();
        return true;
    });
    EXPECT_EQ(sum, 30);
}

TEST(JsonReader, SaysWhereAndWhat) {
    EXPECT_EQ(fault(""), "line 1, column 1: found the end of the text, expected a value");
    EXPECT_EQ(fault("{\"a\":}"), "line 1, column 6: found '}', expected a value");
    EXPECT_EQ(fault("{\"a\" 1}"), "line 1, column 6: found '1', expected ':'");
    EXPECT_EQ(fault("{\n  a: 1}"), "line 2, column 3: found 'a', expected a name in quotes");
    EXPECT_EQ(fault("[1 2]"), "line 1, column 4: found '2', expected ',' or ']'");
    EXPECT_EQ(fault("[1,]"), "line 1, column 4: found ']', expected a value");
    EXPECT_EQ(fault("{\"a\":1"), "line 1, column 7: found the end of the text, expected ',' or '}'");
    EXPECT_EQ(fault("[1] x"), "line 1, column 5: found 'x', expected the end of the text");
    EXPECT_EQ(fault("\"a\\x\""), "line 1, column 4: found 'x', expected one of \" \\ / b f n r t u");
    EXPECT_EQ(fault("\"\\u12g4\""), "line 1, column 6: found 'g', expected four hexadecimal digits");
    EXPECT_EQ(fault("[-]"), "line 1, column 3: found ']', expected a digit");
    EXPECT_EQ(fault("[01]"), "line 1, column 3: found '1', expected ',' or ']'");
    EXPECT_EQ(fault("\"\xff\""), "line 1, column 2: found byte 255, expected UTF-8");
    EXPECT_EQ(fault("tru"), "line 1, column 1: found 't', expected a value");
    EXPECT_EQ(fault("\"a\nb\""),
              "line 1, column 3: found byte 10, expected a character of a string (control characters must be "
              "escaped)");
}

TEST(JsonReader, ReadsIntegersOfAnySizeAsDoubles) {
    JsonDocument document;
    const auto root =
        document.parse(R"(["a\\\"123456789012345678901",123456789012345678901,-99999999999999999999,)"
                       R"(1.00000000000000000000001,1e-00000000000000000001,{"12345678901234567890123":7}])");
    ASSERT_TRUE(root) << root.error().message;
    EXPECT_EQ(root->at(0)->as_string(), "a\\\"123456789012345678901");
    EXPECT_EQ(root->at(1)->as_double(), 123456789012345678901.0);
    EXPECT_EQ(root->at(1)->as_uint(), std::nullopt);
    EXPECT_EQ(root->at(2)->as_double(), -1e20);
    EXPECT_EQ(root->at(3)->as_double(), 1.0);
    EXPECT_EQ(root->at(4)->as_double(), 0.1);
    EXPECT_EQ(root->at(5)->find("12345678901234567890123")->as_int(), 7);
    EXPECT_EQ(fault("[1e400]"), "found a number that no double can hold");
}

TEST(JsonReader, KeepsItsLimits) {
    EXPECT_EQ(fault("[1,2,3]", {.max_bytes = 6}), "found 7 bytes of JSON, allowed are 6");
    EXPECT_EQ(fault("[[[[1]]]]", {.max_depth = 8}), "");
    EXPECT_EQ(fault(std::string(100, '['), {.max_depth = 8}),
              "line 1, column 9: found '[', expected at most 8 levels of nesting");
    EXPECT_FALSE(fault(std::string(1 << 20, '[')).empty());
}

TEST(JsonReader, ReusesItsMemoryForTheNextText) {
    JsonDocument document;
    ASSERT_TRUE(document.parse("[" + std::string(100'000, ' ') + "1]"));
    ASSERT_FALSE(document.parse("["));
    const auto root = document.parse("[7]");
    ASSERT_TRUE(root);
    EXPECT_EQ(root->at(0)->as_int(), 7);
}

}  // namespace
}  // namespace loadgen::text
