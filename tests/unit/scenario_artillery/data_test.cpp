#include <gtest/gtest.h>

#include <string>

#include "loadgen/scenario/artillery/data.hpp"
#include "support.hpp"

namespace loadgen::scenario {
namespace {

constexpr const char* kFlow = "scenarios:\n  - flow:\n      - get: {url: http://127.0.0.1/}\n";

Loaded load_payload(const std::string& payload, const std::string& csv, LoadOptions options = {}) {
    return testing::load("config:\n  payload: " + payload + "\n" + kFlow, std::move(options),
                         {{"rows.csv", csv}});
}

std::string json(const text::Value& value) {
    std::string text;
    value.append_json(text);
    return text;
}

std::string rows_of(const plan::DataSet& set) {
    std::string text;
    for (const auto& row : set.rows) text += json(text::Value(text::Value::Array(row)));
    return text;
}

TEST(Payloads, RowsAreCastUnlessToldOtherwise) {
    const std::string csv = "a,b\n1,x\n\n2.5,\"y,z\"\n";
    const Loaded cast = load_payload("{path: rows.csv, fields: [n, s], skipHeader: true}", csv);
    ASSERT_TRUE(cast.ok) << ::testing::PrintToString(testing::texts_of(cast));
    EXPECT_EQ(rows_of(cast.plan->data[0]), R"([1,"x"][2.5,"y,z"])");
    EXPECT_EQ(cast.plan->slots.name(cast.plan->data[0].fields[1]), "s");
    const Loaded texts = load_payload("[{path: rows.csv, fields: [n, s], cast: false}]", csv);
    EXPECT_EQ(rows_of(texts.plan->data[0]), R"(["a","b"]["1","x"]["2.5","y,z"])");
}

TEST(Payloads, OrderDelimiterAndEnd) {
    const Loaded loaded =
        load_payload("{path: rows.csv, fields: [n], order: unique, atEnd: fail, delimiter: \";\"}",
                     "\xEF\xBB\xBF"
                     "1;2\n3;4\n");
    ASSERT_TRUE(loaded.ok) << ::testing::PrintToString(testing::texts_of(loaded));
    EXPECT_EQ(loaded.plan->data[0].order, plan::DataSet::Order::kUnique);
    EXPECT_EQ(loaded.plan->data[0].at_end, plan::DataSet::AtEnd::kFail);
    EXPECT_EQ(rows_of(loaded.plan->data[0]), "[1,2][3,4]");
}

TEST(Payloads, AllRowsAsOneVariable) {
    const Loaded loaded =
        load_payload("{path: rows.csv, fields: [a, b], loadAll: true, name: all}", "1,2\n3,4\n");
    ASSERT_TRUE(loaded.ok) << ::testing::PrintToString(testing::texts_of(loaded));
    EXPECT_EQ(json(loaded.plan->data[0].all_rows), R"([{"a":1,"b":2},{"a":3,"b":4}])");
    EXPECT_EQ(loaded.plan->slots.name(*loaded.plan->data[0].all), "all");
    const Loaded plain = load_payload("{path: rows.csv, loadAll: true, name: all}", "1,2\n3,4\n");
    EXPECT_EQ(json(plain.plan->data[0].all_rows), "[[1,2],[3,4]]");
}

TEST(Payloads, ThePathMayComeFromTheCommandLine) {
    LoadOptions options;
    options.payload = "/data/rows.csv";
    const Loaded loaded = testing::load(std::string("config:\n  payload: {fields: [a]}\n") + kFlow, options,
                                        {{"/data/rows.csv", "1\n"}});
    EXPECT_TRUE(loaded.ok) << ::testing::PrintToString(testing::texts_of(loaded));
}

std::vector<std::string> mistakes(const std::string& payload, const std::string& csv) {
    return testing::texts_of(load_payload(payload, csv));
}

TEST(Payloads, MistakesAreTold) {
    using Texts = std::vector<std::string>;
    EXPECT_EQ(mistakes("{fields: [a]}", ""),
              (Texts{"2:3: config.payload: a payload needs \"path\", which is missing; -p gives it too"}));
    EXPECT_EQ(
        mistakes("{path: rows.csv, fields: [a]}", "1,2\n3\n"),
        (Texts{
            "2:19: config.payload.path: rows.csv: line 2: found 1 columns, expected 2 as in the first row"}));
    EXPECT_EQ(
        mistakes("{path: rows.csv, fields: [a, b]}", "1\n"),
        (Texts{"2:41: config.payload.fields[1]: there is no such column: the rows of rows.csv have 1"}));
    EXPECT_EQ(mistakes("{path: rows.csv, fields: [a]}", ""),
              (Texts{"2:19: config.payload.path: the file has no rows"}));
    EXPECT_EQ(mistakes("{path: rows.csv, loadAll: true}", "1\n"),
              (Texts{"2:3: config.payload: loadAll needs \"name\", the variable that takes the rows"}));
    EXPECT_EQ(mistakes("{path: rows.csv, fields: [a], delimiter: \"::\"}", "1\n"),
              (Texts{"2:53: config.payload.delimiter: found \"::\", expected one character"}));
    EXPECT_EQ(mistakes("{path: rows.csv, fields: [a], atEnd: stop, options: {quote: x}}", "1\n"),
              (Texts{"2:42: warning: config.payload.atEnd: has no effect without order: unique",
                     "2:65: warning: config.payload.options.quote: is not supported and has no effect"}));
}

TEST(Variables, AreOneValueOrSeveral) {
    const Loaded loaded = testing::load(
        std::string("config:\n  variables: {one: {a: [1]}, many: [x, 2, null], text: \"5\"}\n") + kFlow);
    ASSERT_TRUE(loaded.ok);
    ASSERT_EQ(loaded.plan->variables.size(), 3U);
    EXPECT_EQ(json(loaded.plan->variables[0].choices.at(0)), R"({"a":[1]})");
    EXPECT_EQ(loaded.plan->variables[1].choices.size(), 3U);
    EXPECT_EQ(json(loaded.plan->variables[2].choices.at(0)), R"("5")");
}

TEST(Variables, TheCommandLineReplacesThem) {
    LoadOptions options;
    options.variables = R"({"one": [1, 2], "three": {"x": "y"}})";
    const Loaded loaded =
        testing::load(std::string("config:\n  variables: {one: 0, two: 2}\n") + kFlow, options);
    ASSERT_TRUE(loaded.ok);
    ASSERT_EQ(loaded.plan->variables.size(), 3U);
    EXPECT_EQ(loaded.plan->variables[0].choices.size(), 2U);
    EXPECT_EQ(json(loaded.plan->variables[2].choices[0]), R"({"x":"y"})");
}

TEST(Variables, WellKnownOnesAreThere) {
    LoadOptions options;
    options.test_id = "t123";
    options.environment = "prod";
    options.process_environment = {{"HOME", "/root"}};
    const Loaded loaded = testing::load(
        std::string("config:\n  target: http://127.0.0.1:1\n  environments: {prod: {}}\n") + kFlow, options);
    ASSERT_TRUE(loaded.ok) << ::testing::PrintToString(testing::texts_of(loaded));
    const auto value = [&](const char* name) {
        return loaded.plan->initial.at(*loaded.plan->slots.find(name));
    };
    EXPECT_EQ(value("$testId"), text::Value("t123"));
    EXPECT_EQ(value("$environment"), text::Value("prod"));
    EXPECT_EQ(*value("$env").find("HOME"), text::Value("/root"));
    EXPECT_EQ(*value("$processEnvironment").find("HOME"), text::Value("/root"));
    EXPECT_EQ(value("target"), text::Value("http://127.0.0.1:1"));
    EXPECT_TRUE(value("$scenarioFile").string().ends_with("/load.yml"));
    EXPECT_EQ(value("$dirname").string() + "/load.yml", value("$scenarioFile").string());
    EXPECT_EQ(loaded.plan->initial.size(), loaded.plan->slots.size());
}

TEST(Fields, AreCastAsNumbersWhenTheyLookLikeOnes) {
    EXPECT_EQ(artillery::cast_field("12"), text::Value(12.0));
    EXPECT_EQ(artillery::cast_field("-1.5e2"), text::Value(-150.0));
    EXPECT_EQ(artillery::cast_field(""), text::Value(""));
    EXPECT_EQ(artillery::cast_field("12a"), text::Value("12a"));
    EXPECT_EQ(artillery::cast_field("true"), text::Value("true"));
}

}  // namespace
}  // namespace loadgen::scenario
