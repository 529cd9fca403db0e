// A text with templates. One that compiles renders the same twice from one seed, its value agrees with its
// text, and a text without "{{" stays as it is. As a JSON body it is JSON.
#include <cstdint>

#include "common/text/template_text.hpp"
#include "loadgen/scripting/built_in_functions.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace loadgen;
using namespace loadgen::text;

using loadgen::test::require;

std::vector<Value> variables(SlotTable& slots) {
    std::vector<Value> values;
    const auto add = [&](std::string_view name, std::string_view json) {
        slots.slot_of(name);
        values.push_back(parse_json_value(json).value_or(Value()));
    };
    add("a", "1.5");
    add("b", R"("text")");
    add("c", R"({"d":[1,"x",{"e f":null}],"0":true})");
    add("a.b", "[]");
    return values;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    SlotTable slots;
    const std::vector<Value> values = variables(slots);
    const auto made = Template::compile(text, slots, scripting::built_in_functions());
    if (!made) {
        require(made.error().message.starts_with("character "), "errors have a place");
        return 0;
    }
    for (const Slot slot : made->reads()) require(slot < slots.size(), "reads are slots");
    const auto render = [&](bool as_value) {
        Random random(1);
        CallContext context{random};
        const Scope scope{values, context};
        return as_value ? made->evaluate(scope).to_text() : made->render(scope);
    };
    const std::string rendered = render(false);
    require(rendered == render(false), "the seed decides");
    require(rendered == render(true), "value and text agree");
    if (text.find("{{") == std::string_view::npos) require(rendered == text, "text stays");
    Random random(1);
    CallContext context{random};
    std::string json;
    ValueTemplate::array({ValueTemplate::text(*made)}).append_json(json, {values, context});
    require(parse_json_value(json).has_value(), "a body is JSON");
    return 0;
}
