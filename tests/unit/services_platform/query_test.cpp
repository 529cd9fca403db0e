#include "services/platform/query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/platform/answers.hpp"
#include "tests/unit/services_platform/fake_call.hpp"

namespace loadgen::services::platform {
namespace {

using test::AnswerKeeper;
using ::testing::ElementsAre;

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST(ParseQuery, DecodesFormsAsBrowsersWriteThem) {
    EXPECT_EQ(*parse_query(""), Pairs{});
    EXPECT_EQ(*parse_query("a=1&b=two+words&a=%C3%A4%26&c&=d&&e="),
              (Pairs{{"a", "1"}, {"b", "two words"}, {"a", "\xc3\xa4&"}, {"c", ""}, {"", "d"}, {"e", ""}}));
    EXPECT_EQ(*parse_query("a=b=c&d%3De=%2B"), (Pairs{{"a", "b=c"}, {"d=e", "+"}}));
}

TEST(ParseQuery, RefusesWhatCannotBeText) {
    EXPECT_EQ(parse_query("a=%").error().message, "'%' must be followed by two hex digits");
    EXPECT_EQ(parse_query("%zz=1").error().message, "'%' must be followed by two hex digits");
    EXPECT_EQ(parse_query("a=%ff").error().message, "the query must be UTF-8");
    EXPECT_EQ(parse_query("a=%c0%80").error().message, "the query must be UTF-8");
    std::string many;
    for (int i = 0; i < 200; ++i) many += "&a";
    EXPECT_TRUE(parse_query(many).has_value());
    EXPECT_EQ(parse_query(many + "&a").error().message, "the query may have at most 200 parameters");
}

struct QueryReaderTest : ::testing::Test {
    AnswerKeeper keeper;
    std::vector<CallPtr> calls;

    QueryReader query(const std::string& text) {
        calls.push_back(keeper.call("GET", "/x?" + text));
        calls.back()->set_error_shape(error_shapes::message);
        return QueryReader(*calls.back());
    }
};

TEST_F(QueryReaderTest, ReadsTypes) {
    QueryReader reader = query("q=milk&size=20&f=a&f=b&sort=price&negative=-3");
    EXPECT_EQ(reader.text("q"), "milk");
    EXPECT_EQ(reader.text("absent"), std::nullopt);
    EXPECT_EQ(reader.integer_or("size", 5, {.min = 1, .max = 100}), 20);
    EXPECT_EQ(reader.integer_or("from", 5), 5);
    EXPECT_EQ(reader.integer("negative"), -3);
    EXPECT_THAT(reader.texts("f", {.min = 1, .max = 50}), ElementsAre("a", "b"));
    EXPECT_EQ(reader.choice("sort", {"relevance", "price"}), "price");
    EXPECT_EQ(reader.choice("order", {"up", "down"}), "up");
    EXPECT_TRUE(reader.ok());
}

TEST_F(QueryReaderTest, CollectsWhatIsWrong) {
    QueryReader reader =
        query("size=0&from=1.5&q=&f=&sort=x&twice=1&twice=2&big=99999999999999999999&ctl=%07&n=+1");
    reader.integer_or("size", 20, {.min = 1, .max = 100});
    reader.integer("from", {.min = 0});
    reader.text("q");
    reader.texts("f");
    reader.choice("sort", {"up", "down"});
    reader.text("twice");
    reader.integer("big");
    reader.text("ctl");
    reader.integer("n");
    reader.required_text("absent");
    EXPECT_EQ(reader.texts("none", {.min = 1, .max = 2}).size(), 0U);
    EXPECT_THAT(reader.problems(),
                ElementsAre(Problem{"size", "must be a whole number from 1 to 100"},
                            Problem{"from", "must be a whole number of at least 0"},
                            Problem{"q", "must have 1 to 1000 characters"},
                            Problem{"f", "must have 1 to 1000 characters"},
                            Problem{"sort", "must be one of up, down"},
                            Problem{"twice", "must be given once"}, Problem{"big", "must be a whole number"},
                            Problem{"ctl", "must not contain control characters"},
                            Problem{"n", "must be a whole number"}, Problem{"absent", "is required"},
                            Problem{"none", "must have 1 to 2 elements"}));
    EXPECT_EQ(reader.refusal().status, 400);
}

TEST_F(QueryReaderTest, ABrokenQueryIsOneProblem) {
    QueryReader reader = query("a=%zz");
    EXPECT_FALSE(reader.ok());
    EXPECT_EQ(reader.refusal().body, R"({"message":"'%' must be followed by two hex digits"})");
}

}  // namespace
}  // namespace loadgen::services::platform
