#include "common/text/json_schema.hpp"

#include <gtest/gtest.h>

#include <string>

namespace loadgen::text {
namespace {

/// What is wrong with the document, one violation a line; or what is wrong with the schema.
std::string violations(std::string_view schema, std::string_view json, std::size_t limit = 20) {
    const auto compiled = JsonSchema::compile(schema);
    if (!compiled) return compiled.error().message;
    JsonDocument document;
    const auto root = document.parse(json);
    if (!root) return root.error().message;
    std::string out;
    for (const SchemaViolation& violation : compiled->validate(*root, limit)) {
        out += violation.path + ": " + violation.message + "\n";
    }
    EXPECT_EQ(out.empty(), compiled->allows(*root));
    return out;
}

std::string fault(std::string_view schema) {
    const auto compiled = JsonSchema::compile(schema);
    return compiled ? "" : compiled.error().message;
}

constexpr std::string_view kOrder = R"({
    "type": "object", "required": ["id", "items"], "additionalProperties": false,
    "properties": {
        "id": {"type": "string", "pattern": "^o-[0-9]+$"},
        "state": {"enum": ["open", "paid", null]},
        "items": {"type": "array", "minItems": 1, "maxItems": 3, "uniqueItems": true, "items": {"$ref": "#/$defs/item"}}},
    "$defs": {"item": {"type": "object", "required": ["sku"], "properties": {
        "sku": {"type": "string", "minLength": 2, "maxLength": 4}, "count": {"type": "integer", "minimum": 1, "exclusiveMaximum": 100},
        "price": {"type": ["number", "null"], "multipleOf": 0.01}}}}})";

TEST(JsonSchema, AllowsWhatFits) {
    EXPECT_EQ(
        violations(kOrder,
                   R"({"id":"o-1","state":null,"items":[{"sku":"ab","count":5,"price":9.99},{"sku":"é€"}]})"),
        "");
    EXPECT_EQ(violations("true", "1"), "");
    EXPECT_EQ(violations("{}", "1"), "");
    EXPECT_EQ(violations(R"({"format":"email","unknown":1,"$comment":"x"})", "\"x\""), "");
    JsonDocument document;
    EXPECT_TRUE(JsonSchema().allows(*document.parse("[1]")));
}

TEST(JsonSchema, SaysWhereAndWhat) {
    EXPECT_EQ(
        violations(
            kOrder,
            R"({"id":"x","state":"lost","items":[{"sku":"a","count":0},{"count":1.5,"price":"1"},7],"extra":1})"),
        "$.id: found \"x\", expected a match of /^o-[0-9]+$/\n"
        "$.state: found \"lost\", expected one of \"open\", \"paid\", null\n"
        "$.items[0].sku: found 1 characters, expected at least 2\n"
        "$.items[0].count: found 0, expected at least 1\n"
        "$.items[1]: found no member \"sku\", expected one\n"
        "$.items[1].count: found 1.5, expected a whole number\n"
        "$.items[1].price: found \"1\", expected null or a number\n"
        "$.items[2]: found 7, expected an object\n"
        "$.extra: found a member that is not allowed, expected one of \"id\", \"items\", \"state\"\n");
    EXPECT_EQ(violations(kOrder, R"({"items":[]})"),
              "$: found no member \"id\", expected one\n$.items: found 0 elements, expected at least 1\n");
    EXPECT_EQ(violations(kOrder, "[]"), "$: found an array, expected an object\n");
    EXPECT_EQ(
        violations(
            kOrder,
            R"({"id":"o-1","items":[{"sku":"abcde","count":100,"price":0.005},{"sku":"aa"},{"sku":"aa"},{"sku":"bb"}]})"),
        "$.items: found 4 elements, expected at most 3\n"
        "$.items[0].sku: found 5 characters, expected at most 4\n"
        "$.items[0].count: found 100, expected less than 100\n"
        "$.items[0].price: found 0.005, expected a multiple of 0.01\n"
        "$.items: found the same element at 1 and 2, expected each once\n");
    EXPECT_EQ(violations(R"({"const":{"a":1}})", "2"), "$: found 2, expected an object\n");
    EXPECT_EQ(violations("false", "null"), "$: found null, expected nothing here\n");
    EXPECT_EQ(violations(R"({"exclusiveMinimum":1,"maximum":0})", "1"),
              "$: found 1, expected at most 0\n$: found 1, expected more than 1\n");
    EXPECT_EQ(violations(R"({"additionalProperties":false})", R"({"a b":1})"),
              "$[\"a b\"]: found a member that is not allowed, expected none of this name\n");
    EXPECT_EQ(violations(R"({"propertyNames":{"maxLength":2}})", R"({"abc":1})"),
              "$.abc: found 3 characters, expected at most 2\n");
    EXPECT_EQ(violations(R"({"minProperties":2,"dependentRequired":{"a":["b"]}})", R"({"a":1})"),
              "$: found 1 members, expected at least 2\n$: found no member \"b\", expected one\n");
    EXPECT_EQ(violations(R"({"contains":{"type":"string"}})", "[1]"),
              "$: found 0 elements that the schema wants to be there, expected at least 1\n");
}

TEST(JsonSchema, ExplainsAlternatives) {
    constexpr std::string_view kPet = R"({"oneOf":[
        {"properties":{"kind":{"const":"cat"},"lives":{"type":"integer"}},"required":["kind","lives"]},
        {"properties":{"kind":{"const":"dog"},"name":{"type":"string"}},"required":["kind","name"]}]})";
    EXPECT_EQ(violations(kPet, R"({"kind":"dog","name":"Rex"})"), "");
    EXPECT_EQ(violations(kPet, R"({"kind":"dog","name":5})"),
              "$: found a value that fits none of 2 alternatives; the nearest: $.name: found 5, expected a "
              "string\n");
    EXPECT_EQ(violations(R"({"oneOf":[{"type":"integer"},{"minimum":2}]})", "3"),
              "$: found a value that fits 2 of 2 alternatives, expected exactly one\n");
    EXPECT_EQ(violations(R"({"anyOf":[{"type":"string"},{"minimum":2}]})", "1"),
              "$: found a value that fits none of 2 alternatives; the nearest: found 1, expected a string\n");
    EXPECT_EQ(violations(R"({"not":{"type":"string"}})", "\"x\""),
              "$: found a string that the schema forbids\n");
    EXPECT_EQ(violations(R"({"if":{"minimum":10},"then":{"multipleOf":10},"else":{"maximum":5}})", "12"),
              "$: found 12, expected a multiple of 10\n");
    EXPECT_EQ(violations(R"({"if":{"minimum":10},"then":{"multipleOf":10},"else":{"maximum":5}})", "7"),
              "$: found 7, expected at most 5\n");
}

TEST(JsonSchema, FollowsReferences) {
    constexpr std::string_view kTree = R"({"$id":"tree","type":"object","properties":{
        "value":{"$ref":"#count"},"children":{"type":"array","items":{"$ref":"#"}}},
        "$defs":{"n":{"$anchor":"count","type":"integer"},"a/b~c%":{"type":"null"}},"required":["value"]})";
    EXPECT_EQ(violations(kTree, R"({"value":1,"children":[{"value":2,"children":[]}]})"), "");
    EXPECT_EQ(violations(kTree, R"({"value":1,"children":[{"value":2,"children":[{"value":"x"}]}]})"),
              "$.children[0].children[0].value: found \"x\", expected a whole number\n");
    EXPECT_EQ(violations(R"({"$ref":"#/$defs/a~1b~0c%25","$defs":{"a/b~c%":{"type":"null"}}})", "1"),
              "$: found 1, expected null\n");
    EXPECT_EQ(violations(R"({"$ref":"#/allOf/0","allOf":[{"type":"null"}]})", "null"), "");
}

TEST(JsonSchema, RefusesSchemasThatItCannotUse) {
    EXPECT_EQ(fault("{"), "line 1, column 2: found the end of the text, expected a name in quotes");
    EXPECT_EQ(fault("5"), "#: found a number, expected a schema: an object, true or false");
    EXPECT_EQ(fault(R"({"properties":{"a":{"type":"text"}}})"),
              "#/properties/a/type: found \"text\", expected null, boolean, integer, number, string, array "
              "or object, "
              "or a list of them");
    EXPECT_EQ(fault(R"({"items":{"minimum":"1"}})"), "#/items/minimum: found a string, expected a number");
    EXPECT_EQ(fault(R"({"minLength":-1})"),
              "#/minLength: found another number, expected a whole number, 0 or more");
    EXPECT_EQ(fault(R"({"multipleOf":0})"), "#/multipleOf: found another number, expected one above 0");
    EXPECT_EQ(fault(R"({"required":["a",1]})"), "#/required: found a number, expected a name");
    EXPECT_EQ(fault(R"({"enum":"a"})"), "#/enum: found a string, expected a list of values");
    EXPECT_EQ(fault(R"({"anyOf":{}})"), "#/anyOf: found an object, expected a list of schemas");
    EXPECT_EQ(fault(R"~({"pattern":"a(?=b)"})~"),
              "#/pattern: found a pattern that does not compile (character 2: found '(?=', a look-ahead, "
              "which is not "
              "supported: matching takes linear time), expected a regular expression");
    EXPECT_EQ(
        fault(R"({"$ref":"http://example.test/x"})"),
        "#/$ref: found \"http://example.test/x\", expected a place in this schema, such as #/$defs/name");
    EXPECT_EQ(JsonSchema::compile(R"({"$ref":"other.json"})").error().code, ErrorCode::kUnsupported);
    EXPECT_EQ(fault(R"({"$ref":"#/$defs/no"})"),
              "#/$ref: found \"#/$defs/no\", expected a place that exists in this schema");
    EXPECT_EQ(fault(R"({"unevaluatedProperties":false})"),
              "#: found unevaluatedProperties, expected none of the keywords that depend on other schemas' "
              "results");
}

TEST(JsonSchema, IsBounded) {
    EXPECT_EQ(violations(R"({"$ref":"#"})", "1"), "$: found a schema that refers to itself without end\n");
    EXPECT_EQ(violations(R"({"items":{"type":"null"}})", "[1,2,3,4]", 2),
              "$[0]: found 1, expected null\n$[1]: found 2, expected null\n");
    std::string doubling = R"({"$ref":"#/$defs/d0","$defs":{)";
    for (int i = 0; i < 60; ++i) {
        const std::string next = "{\"$ref\":\"#/$defs/d" + std::to_string(i + 1) + "\"}";
        doubling += "\"d" + std::to_string(i) + "\":{\"allOf\":[" + next + "," + next + "]},";
    }
    EXPECT_EQ(violations(doubling + "\"d60\":{}}}", "1", 1),
              "$: found too much to check against this schema\n");
}

}  // namespace
}  // namespace loadgen::text
