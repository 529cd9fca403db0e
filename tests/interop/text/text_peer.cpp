// Our side of the comparison with npm packages: a question in JSON a line, an answer in JSON a line.
#include <cmath>
#include <iostream>
#include <string>

#include "common/text/json_path.hpp"
#include "common/text/json_schema.hpp"
#include "common/text/regex.hpp"
#include "common/text/value.hpp"
#include "common/text/yaml.hpp"

namespace {

using namespace loadgen::text;

Value fault(std::string message) {
    return Value(Value::Object{{"error", Value(std::move(message))}});
}

std::string_view text_of(JsonValue question, std::string_view name) {
    const auto member = question.find(name);
    return member ? member->as_string().value_or(std::string_view()) : std::string_view();
}

Value yaml(JsonValue question) {
    const YamlResult result = parse_yaml(text_of(question, "yaml"), "f.yml");
    if (!result.ok) return fault(to_text(result.findings.front()));
    return Value(Value::Object{{"value", to_value(result.root)}});
}

Value path(JsonValue question) {
    const bool artillery = question.find("artillery").has_value();
    const auto compiled = JsonPath::compile(
        text_of(question, "path"), artillery ? JsonPath::Tests::kTruth : JsonPath::Tests::kExistence);
    if (!compiled) return fault(compiled.error().message);
    const auto document = question.find("document");
    if (!document) return fault("no document");
    return Value(Value::Object{{"values", Value(compiled->values(*document))}});
}

Value regex(JsonValue question) {
    const auto compiled = Regex::compile(text_of(question, "regex"), text_of(question, "flags"));
    if (!compiled) return fault(compiled.error().message);
    const auto match = compiled->search(text_of(question, "text"));
    if (!match) return Value(Value::Object{{"match", Value::null()}});
    Value::Array groups;
    for (const auto& group : match->groups) groups.push_back(group.set ? Value(group.text) : Value::null());
    return Value(Value::Object{{"match", Value(std::move(groups))}});
}

Value schema(JsonValue question) {
    const auto compiled = JsonSchema::compile(text_of(question, "schema"));
    if (!compiled) return fault(compiled.error().message);
    const auto document = question.find("document");
    if (!document) return fault("no document");
    return Value(Value::Object{{"valid", Value(compiled->allows(*document))}});
}

Value value(JsonValue question) {
    const auto parsed = parse_json_value(text_of(question, "json"));
    if (!parsed) return fault(parsed.error().message);
    std::string json;
    parsed->append_json(json);
    return Value(Value::Object{{"json", Value(json)},
                               {"text", Value(parsed->to_text())},
                               {"number", Value(Value::number(parsed->to_number()).to_text())},
                               {"truthy", Value(parsed->truthy())}});
}

Value answer(JsonValue question) {
    if (question.find("yaml")) return yaml(question);
    if (question.find("path")) return path(question);
    if (question.find("regex")) return regex(question);
    if (question.find("schema")) return schema(question);
    return value(question);
}

}  // namespace

int main() {
    JsonDocument document;
    std::string line;
    while (std::getline(std::cin, line)) {
        const auto question = document.parse(line);
        std::string out;
        (question ? answer(*question) : fault(question.error().message)).append_json(out);
        std::cout << out << '\n';
    }
    return 0;
}
