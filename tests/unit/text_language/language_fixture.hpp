// Names, values and functions for texts that tests compile.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/expression.hpp"
#include "common/text/template_text.hpp"

namespace loadgen::text {

inline Value parsed(std::string_view json) {
    auto value = parse_json_value(json);
    EXPECT_TRUE(value) << json;
    return value ? *value : Value();
}

inline std::string json_of(const Value& value) {
    if (value.is_undefined()) return "undefined";
    std::string out;
    value.append_json(out);
    return out;
}

class Language : public testing::Test {
  protected:
    void set(std::string_view name, Value value) {
        const Slot slot = slots_.slot_of(name);
        values_.resize(std::max<std::size_t>(values_.size(), slot + 1));
        values_[slot] = std::move(value);
    }
    void set_json(std::string_view name, std::string_view json) { set(name, parsed(json)); }

    Scope scope() { return {values_, context_}; }
    const FunctionTable& functions() const { return table_; }

    Template compiled(std::string_view text) {
        auto made = Template::compile(text, slots_, table_);
        EXPECT_TRUE(made) << text << ": " << (made ? "" : made.error().message);
        return made ? *made : Template();
    }
    std::string rendered(std::string_view text) { return compiled(text).render(scope()); }
    /// The value of the template as JSON.
    std::string kept(std::string_view text) { return json_of(compiled(text).evaluate(scope())); }
    std::string template_error(std::string_view text) {
        const auto made = Template::compile(text, slots_, table_);
        return made ? "none" : made.error().message;
    }

    SlotTable slots_;
    std::vector<Value> values_;
    Random random_{1};
    CallContext context_{random_};

  private:
    /// Its arguments as a JSON array.
    static Value echo(CallContext&, std::span<const Value> arguments) {
        std::string json = json_of(Value(Value::Array(arguments.begin(), arguments.end())));
        return Value(std::move(json));
    }
    static Value count(CallContext&, std::span<const Value> arguments) {
        return Value(static_cast<double>(arguments.size()));
    }
    static Value nothing(CallContext&, std::span<const Value>) { return {}; }

    inline static constexpr std::array kEntries{
        FunctionEntry{"$echo", echo, 0, 16, "$echo(…)"},
        FunctionEntry{"$count", count, 0, 4, "$count(…)"},
        FunctionEntry{"$countText", count, 0, 4, "$countText(…)", true},
        FunctionEntry{"$pair", echo, 2, 2, "$pair(first, second): both"},
        FunctionEntry{"$nothing", nothing, 0, 0, "$nothing()"},
    };
    FunctionTable table_{kEntries};
};

}  // namespace loadgen::text
