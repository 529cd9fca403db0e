// An expression. One that compiles gives the same twice from one seed, and its value is as true as it holds;
// one in parentheses gives the same as without.
#include <cstdint>
#include <string>

#include "common/text/expression.hpp"
#include "loadgen/scripting/built_in_functions.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace loadgen;
using namespace loadgen::text;

using loadgen::test::require;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    SlotTable slots;
    std::vector<Value> values;
    for (const auto& [name, json] : {std::pair{"a", "2"}, {"b", "\"text\""}, {"c", "[1,{\"d\":\"x\"}]"}}) {
        slots.slot_of(name);
        values.push_back(parse_json_value(json).value_or(Value()));
    }
    const auto compile = [&slots](std::string_view what) {
        return Expression::compile(what, slots, scripting::built_in_functions());
    };
    const auto made = compile(text);
    if (!made) {
        require(!made.error().message.empty(), "errors say something");
        return 0;
    }
    const auto evaluate = [&values](const Expression& expression) {
        Random random(1);
        CallContext context{random};
        return expression.evaluate({values, context});
    };
    const std::string value = evaluate(*made).to_text();
    require(value == evaluate(*made).to_text(), "the seed decides");
    Random random(1);
    CallContext context{random};
    require(made->holds({values, context}) == evaluate(*made).truthy(), "as true as it holds");
    for (const Slot slot : made->reads()) require(slot < slots.size(), "reads are slots");
    if (const auto again = compile('(' + text + ')'))
        require(evaluate(*again).to_text() == value, "parentheses change nothing");
    return 0;
}
