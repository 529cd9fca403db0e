#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "common/text/value.hpp"
#include "loadgen/scenario/artillery.hpp"
#include "loadgen/scenario/artillery/keys.hpp"

namespace loadgen::scenario {
namespace {

TEST(ScenarioSchema, TheFileInDocsIsTheGeneratedOne) {
    const std::string path = std::string(LOADGEN_SOURCE_DIR) + "/docs/scenario.schema.json";
    if (std::getenv("LOADGEN_WRITE_SCHEMA") != nullptr) std::ofstream(path) << scenario_schema_json();
    std::ifstream file(path);
    const std::string published((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(published, scenario_schema_json())
        << "run this test with LOADGEN_WRITE_SCHEMA=1 to write the file anew";
}

void collect_references(const text::Value& value, std::set<std::string>& references) {
    if (const text::Value* reference = value.find("$ref")) references.insert(reference->string());
    if (value.is_object())
        for (const auto& [name, member] : value.members()) collect_references(member, references);
    if (value.is_array())
        for (const text::Value& element : value.elements()) collect_references(element, references);
}

TEST(ScenarioSchema, IsJsonWhoseReferencesResolve) {
    const auto schema = text::parse_json_value(scenario_schema_json());
    ASSERT_TRUE(schema) << schema.error().message;
    std::set<std::string> references;
    collect_references(*schema, references);
    EXPECT_GT(references.size(), 20U);
    const text::Value* definitions = schema->find("$defs");
    ASSERT_NE(definitions, nullptr);
    for (const std::string& reference : references) {
        const std::string prefix = "#/$defs/";
        ASSERT_TRUE(reference.starts_with(prefix)) << reference;
        EXPECT_NE(definitions->find(reference.substr(prefix.size())), nullptr) << reference;
    }
}

TEST(ScenarioKeys, AreDocumentedOnce) {
    for (const artillery::ObjectKind* kind :
         {&artillery::kScript, &artillery::kConfig, &artillery::kPhase, &artillery::kScenario,
          &artillery::kRequest, &artillery::kExpectation}) {
        std::set<std::string_view> names;
        for (const artillery::KeyRow& row : kind->keys) {
            EXPECT_TRUE(names.insert(row.name).second) << row.name;
            EXPECT_TRUE(row.doc.ends_with('.')) << row.name;
        }
    }
}

}  // namespace
}  // namespace loadgen::scenario
