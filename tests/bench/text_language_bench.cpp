// Templates and expressions as a scenario evaluates them: what a step pays for its texts.
#include <benchmark/benchmark.h>

#include "common/text/expression.hpp"
#include "common/text/template_text.hpp"
#include "loadgen/scripting/built_in_functions.hpp"

namespace {

using namespace loadgen;
using namespace loadgen::text;

struct User {
    SlotTable slots;
    std::vector<Value> values;
    Random random{1};
    CallContext context{random};

    User() {
        add("token", R"("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl")");
        add("order", R"({"id":1234567,"items":[{"sku":"abc-1","count":2}]})");
        add("age", "33");
        add("kind", R"("gold")");
    }
    void add(std::string_view name, std::string_view json) {
        slots.slot_of(name);
        values.push_back(parse_json_value(json).value_or(Value()));
    }
    Scope scope() { return {values, context}; }
};

void render(benchmark::State& state, std::string_view text) {
    User user;
    const auto made = Template::compile(text, user.slots, scripting::built_in_functions());
    if (!made) return state.SkipWithError(made.error().message.c_str());
    std::string out;
    for (auto _ : state) {
        out.clear();
        made->append(out, user.scope());
        benchmark::DoNotOptimize(out.data());
    }
}

void holds(benchmark::State& state, std::string_view text) {
    User user;
    const auto made = Expression::compile(text, user.slots, scripting::built_in_functions());
    if (!made) return state.SkipWithError(made.error().message.c_str());
    for (auto _ : state) benchmark::DoNotOptimize(made->holds(user.scope()));
}

void body(benchmark::State& state) {
    User user;
    const auto text = [&user](std::string_view one) {
        auto made = Template::compile(one, user.slots, scripting::built_in_functions());
        return ValueTemplate::text(made ? *made : Template());
    };
    std::vector<ValueTemplate::Member> members;
    members.emplace_back(Template::literal("orderId"), text("{{ order.id }}"));
    members.emplace_back(Template::literal("items"), text("{{ order.items }}"));
    members.emplace_back(Template::literal("note"), text("for {{ kind }} users"));
    const ValueTemplate made = ValueTemplate::object(std::move(members));
    std::string out;
    for (auto _ : state) {
        out.clear();
        made.append_json(out, user.scope());
        benchmark::DoNotOptimize(out.data());
    }
}

BENCHMARK_CAPTURE(render, constant, "/orders/confirmed");
BENCHMARK_CAPTURE(render, token, "Bearer {{ token }}");
BENCHMARK_CAPTURE(render, path, "/orders/{{ order.items[0].sku }}/{{ order.id }}");
BENCHMARK_CAPTURE(render, call, "{{ $randomNumber(1, 100) }}");
BENCHMARK_CAPTURE(render, uuid, "{{ $uuid() }}");
BENCHMARK_CAPTURE(holds, comparison, "age >= 18");
BENCHMARK_CAPTURE(holds, condition,
                  "age * 2 > 40 and kind == \"gold\" and order.items[0].count in (1, 2, 3)");
BENCHMARK_CAPTURE(holds, pattern, "token ~= \"^eyJ\"");
BENCHMARK(body);

}  // namespace
