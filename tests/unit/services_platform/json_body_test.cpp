#include "services/platform/json_body.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/platform/answers.hpp"
#include "tests/unit/services_platform/fake_call.hpp"

namespace loadgen::services::platform {
namespace {

using test::AnswerKeeper;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct JsonBodyTest : ::testing::Test {
    AnswerKeeper keeper;
    CallPtr call;

    CallPtr post(std::string body, http::Headers headers = {}) {
        call = keeper.call("POST", "/x", std::move(headers), std::move(body));
        call->set_error_shape(error_shapes::message);
        return call;
    }
    std::pair<int, std::string> refusal(std::string body, http::Headers headers = {}, BodyRules rules = {}) {
        post(std::move(body), std::move(headers));
        BodyReader reader(*call, rules);
        EXPECT_FALSE(reader.ok());
        EXPECT_FALSE(reader.readable());
        reader.string("name");  // adds nothing
        EXPECT_EQ(reader.problems().size(), 1U);
        const http::Response response = reader.refusal();
        return {response.status, response.body};
    }
    static std::pair<int, std::string> told(int status, std::string_view message) {
        return {status, "{\"message\":\"" + std::string(message) + "\"}"};
    }
};

TEST_F(JsonBodyTest, ReadsAnObject) {
    BodyReader body(*post(R"({"name":"Flat White","price":3.5,"count":-2,"admin":true,"tags":["a","b"],
        "notify":{"offers":false},"lines":"a\n\tb","nothing":null,"items":[{"id":"x"},{"id":"y"}]})"));
    EXPECT_EQ(body.string("name", {.min = 1, .max = 100}), "Flat White");
    EXPECT_EQ(body.number("price", {.min = 0, .above_min = true}), 3.5);
    EXPECT_EQ(body.number("count"), -2.0);
    EXPECT_EQ(body.integer("count", {.min = -2, .max = -2}), -2);
    FieldReader& fields = body.fields();
    EXPECT_TRUE(fields.boolean("admin"));
    EXPECT_THAT(fields.strings("tags", {.min = 1, .max = 2}), ElementsAre("a", "b"));
    EXPECT_FALSE(fields.object("notify").boolean("offers"));
    EXPECT_EQ(fields.string("lines", {.lines = true}), "a\n\tb");
    EXPECT_EQ(fields.optional_string("nothing"), std::nullopt);
    EXPECT_EQ(fields.optional_number("absent"), std::nullopt);
    EXPECT_EQ(fields.optional_integer("absent"), std::nullopt);
    EXPECT_EQ(fields.optional_boolean("absent"), std::nullopt);
    EXPECT_FALSE(fields.optional_object("absent").has_value());
    EXPECT_TRUE(fields.has("name"));
    EXPECT_FALSE(fields.has("nothing"));
    std::string ids;
    for (FieldReader& item : fields.objects("items")) ids += item.string("id");
    EXPECT_EQ(ids, "xy");
    EXPECT_TRUE(body.ok());
}

TEST_F(JsonBodyTest, CollectsEverythingThatIsWrong) {
    BodyReader body(
        *post(R"({"kind":5,"long":"aaaa","bell":"\u0007","c1":"\u0085","low":0,"high":11,"part":1.5,
        "yes":"true","list":{},"many":[1,"ok",""],"few":[],"in":{"deep":"x"},"items":[{"id":1},7]})"));
    FieldReader& fields = body.fields();
    EXPECT_EQ(fields.string("absent"), "");
    EXPECT_EQ(fields.string("kind"), "");
    fields.string("long", {.min = 0, .max = 3});
    fields.string("bell");
    fields.optional_string("c1");
    fields.number("low", {.min = 0, .above_min = true});
    fields.number("high", {.min = 1, .max = 10});
    fields.number("kind", {.max = 1});
    fields.number("bell");
    fields.integer("part");
    fields.integer("high", {.max = 10});
    fields.boolean("yes");
    fields.strings("list");
    EXPECT_THAT(fields.strings("many", {}, {.min = 1, .max = 5}), IsEmpty());
    fields.strings("few", {.min = 1, .max = 50});
    FieldReader inside = fields.object("in");
    inside.integer("deep");
    inside.refuse("deep", "must be known");
    fields.object("gone").string("x");
    EXPECT_THAT(fields.objects("items"), IsEmpty());
    EXPECT_FALSE(body.ok());
    EXPECT_THAT(
        body.problems(),
        ElementsAre(
            Problem{"absent", "is required"}, Problem{"kind", "must be a string, not a number"},
            Problem{"long", "must have at most 3 characters"},
            Problem{"bell", "must not contain control characters"},
            Problem{"c1", "must not contain control characters"}, Problem{"low", "must be a number above 0"},
            Problem{"high", "must be a number from 1 to 10"},
            Problem{"kind", "must be a number of at most 1"}, Problem{"bell", "must be a number"},
            Problem{"part", "must be a whole number"},
            Problem{"high", "must be a whole number of at most 10"},
            Problem{"yes", "must be a boolean, not a string"},
            Problem{"list", "must be an array, not an object"},
            Problem{"many[0]", "must be a string, not a number"},
            Problem{"many[2]", "must have 1 to 5 characters"}, Problem{"few", "must have 1 to 50 elements"},
            Problem{"in.deep", "must be a whole number"}, Problem{"in.deep", "must be known"},
            Problem{"gone.x", "is required"}, Problem{"items[1]", "must be an object, not a number"}));
    const http::Response response = body.refusal();
    EXPECT_EQ(response.status, 400);
    EXPECT_TRUE(response.body.starts_with(
        R"({"message":"absent is required; kind must be a string, not a number; long must)"));
    EXPECT_TRUE(call->message.starts_with("absent is required; "));
}

TEST_F(JsonBodyTest, LengthsCountCharacters) {
    BodyReader body(*post("{\"name\":\"\xc3\xa4\xf0\x9f\x98\x80\"}"));
    body.string("name", {.min = 2, .max = 2});
    EXPECT_TRUE(body.ok());
}

TEST_F(JsonBodyTest, RefusesABodyThatIsNoObject) {
    EXPECT_EQ(refusal(""), told(400, "the body is empty; a JSON object is needed"));
    EXPECT_EQ(refusal("[1]"), told(400, "the body must be a JSON object, not an array"));
    EXPECT_EQ(refusal("null"), told(400, "the body must be a JSON object, not null"));
    EXPECT_EQ(refusal("{\"a\":\n 1,}"), told(400, "the body is not valid JSON"));
    EXPECT_EQ(call->error, "body: line 2, column 4: found '}', expected a name in quotes");
    EXPECT_EQ(refusal("{\"a\":\"\xff\"}"), told(400, "the body is not valid JSON"));
    EXPECT_EQ(refusal("{\"a\":1e999}"), told(400, "the body is not valid JSON"));
    EXPECT_EQ(refusal(R"({"a":"\ud800"})"), told(400, "the body is not valid JSON"));
    EXPECT_EQ(refusal("{\"a\":[[[]]]}", {}, {.max_depth = 3}), told(400, "the body is not valid JSON"));
    EXPECT_EQ(refusal("{\"a\":1}", {}, {.max_bytes = 6}), told(413, "the body may have at most 6 bytes"));
}

TEST_F(JsonBodyTest, WhatItIsCalledDoesNotMatterHowItIsCodedDoes) {
    for (const char* type : {"application/json", "Application/JSON; charset=utf-8", "text/plain", "",
                             "application/x-www-form-urlencoded"}) {
        BodyReader body(*post("{}", {{"Content-Type", type}}));
        EXPECT_TRUE(body.ok()) << type;
    }
    EXPECT_EQ(refusal("{}", {{"Content-Encoding", "gzip"}}),
              told(415, "the body must be sent without a Content-Encoding"));
    BodyReader identity(*post("{}", {{"Content-Encoding", "Identity"}}));
    EXPECT_TRUE(identity.ok());
}

TEST_F(JsonBodyTest, SeveralReadersLiveSideBySide) {
    const CallPtr first = post(R"({"name":"first"})");
    const CallPtr second = post(R"({"name":"second"})");
    const CallPtr third = post(R"({"name":"third"})");
    BodyReader a(*first);
    BodyReader b(*second);
    {
        BodyReader c(*third);
        EXPECT_EQ(c.string("name"), "third");
    }
    EXPECT_EQ(a.string("name") + b.string("name"), "firstsecond");
}

}  // namespace
}  // namespace loadgen::services::platform
