// The official test suite of JSON Schema, the files of the keywords that we know.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "common/text/json_schema.hpp"
#include "common/text/value.hpp"

namespace loadgen::text {
namespace {

/// References that lead out of the place that they are written in are refused when the schema is compiled.
const std::set<std::string_view> kOtherDocuments{"remote ref, containing refs itself",
                                                 "Recursive references between schemas", "valid definition",
                                                 "invalid definition"};

/// Draft 7 overlooks what stands beside $ref; later drafts and we do not.
constexpr std::string_view kOfDraft7Only = "ref overrides any sibling keywords";

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct Tally {
    int tests = 0;
    int refused = 0;
};

std::string json_of(JsonValue value) {
    // Not by way of Value: the suite tells integers apart that one double holds.
    std::string out;
    switch (value.kind()) {
        case JsonKind::kArray:
            value.for_each_element([&out](JsonValue element) {
                out += (out.empty() ? "[" : ",") + json_of(element);
                return true;
            });
            return (out.empty() ? "[" : out) + "]";
        case JsonKind::kObject:
            value.for_each_member([&out](std::string_view name, JsonValue member) {
                std::string key;
                Value(name).append_json(key);
                out += (out.empty() ? "{" : ",") + key + ":" + json_of(member);
                return true;
            });
            return (out.empty() ? "{" : out) + "}";
        case JsonKind::kNumber:
            if (const auto whole = value.as_int()) return std::to_string(*whole);
            if (const auto whole = value.as_uint()) return std::to_string(*whole);
            [[fallthrough]];
        default:
            to_value(value).append_json(out);
            return out;
    }
}

void run_group(JsonValue group, const std::string& file, Tally& tally) {
    const std::string name(group.find("description")->as_string().value_or(""));
    const auto schema = JsonSchema::compile(json_of(*group.find("schema")));
    if (name == kOfDraft7Only) return;
    if (kOtherDocuments.contains(name)) {
        ASSERT_FALSE(schema) << name;
        EXPECT_EQ(schema.error().code, ErrorCode::kUnsupported) << schema.error().message;
        ++tally.refused;
        return;
    }
    ASSERT_TRUE(schema) << file << ": " << name << ": " << schema.error().message;
    group.find("tests")->for_each_element([&](JsonValue test) {
        const bool valid = test.find("valid")->as_bool().value_or(false);
        const auto violations = schema->validate(*test.find("data"));
        EXPECT_EQ(violations.empty(), valid)
            << file << ": " << name << ": " << test.find("description")->as_string().value_or("")
            << (violations.empty() ? "" : ": " + violations.front().path + ": " + violations.front().message);
        for (const auto& violation : violations) {
            EXPECT_TRUE(violation.path.starts_with("$"));
            EXPECT_NE(violation.message.find("found "), std::string::npos) << violation.message;
        }
        ++tally.tests;
        return true;
    });
}

Tally run_draft(const std::string& draft, const std::vector<std::string>& keywords) {
    Tally tally;
    for (const std::string& keyword : keywords) {
        const std::string file = draft + "/" + keyword + ".json";
        JsonDocument document;
        const auto groups = document.parse(read(std::filesystem::path(LOADGEN_SCHEMA_SUITE) / file));
        EXPECT_TRUE(groups) << file << ": " << groups.error().message;
        if (!groups) continue;
        groups->for_each_element([&](JsonValue group) {
            run_group(group, file, tally);
            return true;
        });
    }
    return tally;
}

TEST(JsonSchemaSuite, Draft7) {
    const Tally tally = run_draft("draft7", {"additionalItems",
                                             "additionalProperties",
                                             "allOf",
                                             "anyOf",
                                             "boolean_schema",
                                             "const",
                                             "contains",
                                             "default",
                                             "definitions",
                                             "dependencies",
                                             "enum",
                                             "exclusiveMaximum",
                                             "exclusiveMinimum",
                                             "if-then-else",
                                             "items",
                                             "maximum",
                                             "maxItems",
                                             "maxLength",
                                             "maxProperties",
                                             "minimum",
                                             "minItems",
                                             "minLength",
                                             "minProperties",
                                             "multipleOf",
                                             "not",
                                             "oneOf",
                                             "pattern",
                                             "patternProperties",
                                             "properties",
                                             "propertyNames",
                                             "ref",
                                             "required",
                                             "type",
                                             "uniqueItems"});
    EXPECT_GT(tally.tests, 390);
    EXPECT_EQ(tally.refused, 4);
}

}  // namespace
}  // namespace loadgen::text
