// Our side of text_language.test.mjs: a question a line, as JSON, and an answer a line.
#include <iostream>
#include <string>
#include <vector>

#include "common/text/expression.hpp"
#include "common/text/template_text.hpp"
#include "common/text/value_path.hpp"
#include "loadgen/scripting/built_in_functions.hpp"

namespace {

using namespace loadgen;
using namespace loadgen::text;

/// JSON has no undefined and no NaN: kind and text say what there is.
Value shown(const Value& value) {
    Value::Object members{{"kind", Value(kind_name(value.kind()))}, {"text", Value(value.to_text())}};
    return Value(std::move(members));
}

Value fault(const Error& error) {
    return Value(Value::Object{{"error", Value(error.message)}});
}

std::string text_of(const Value& question, std::string_view name) {
    const Value* member = question.find(name);
    return member == nullptr ? "" : member->to_text();
}

Value answer(const Value& question) {
    SlotTable slots;
    std::vector<Value> values;
    if (const Value* variables = question.find("vars")) {
        for (const auto& [name, value] : variables->members()) {
            slots.slot_of(name);
            values.push_back(value);
        }
    }
    Random random(1);
    CallContext context{random, WallTime{1'763'719'200'123'456'789}};
    const Scope scope{values, context};
    const FunctionTable& functions = scripting::built_in_functions();
    if (question.find("path") != nullptr) {
        Value::Array parts;
        for (const std::string& part : split_path(text_of(question, "path"))) parts.emplace_back(part);
        return Value(std::move(parts));
    }
    if (question.find("template") != nullptr) {
        const auto made = Template::compile(text_of(question, "template"), slots, functions);
        return made ? shown(made->evaluate(scope)) : fault(made.error());
    }
    const auto made = Expression::compile(text_of(question, "expression"), slots, functions);
    if (!made) return fault(made.error());
    Value::Object members = shown(made->evaluate(scope)).members();
    members.emplace_back("holds", Value(made->holds(scope)));
    members.emplace_back("fault", Value(context.fault));
    return Value(std::move(members));
}

}  // namespace

int main() {
    std::string line;
    while (std::getline(std::cin, line)) {
        const auto question = parse_json_value(line);
        std::string out;
        (question ? answer(*question) : fault(question.error())).append_json(out);
        std::cout << out << '\n';
    }
    return 0;
}
