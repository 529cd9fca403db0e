// Calls of built-in functions as templates make them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "common/text/template_text.hpp"
#include "loadgen/scripting/built_in_functions.hpp"

namespace loadgen::scripting {

class Functions : public testing::Test {
  protected:
    void set(std::string_view name, text::Value value) {
        const text::Slot slot = slots_.slot_of(name);
        values_.resize(std::max<std::size_t>(values_.size(), slot + 1));
        values_[slot] = std::move(value);
    }
    void set_json(std::string_view name, std::string_view json) {
        auto value = text::parse_json_value(json);
        ASSERT_TRUE(value) << json;
        set(name, std::move(*value));
    }

    /// What "{{ call }}" evaluates to.
    text::Value value(std::string_view call) {
        const auto made =
            text::Template::compile("{{ " + std::string(call) + " }}", slots_, built_in_functions());
        EXPECT_TRUE(made) << call << ": " << (made ? "" : made.error().message);
        context_.fault.clear();
        return made ? made->evaluate({values_, context_}) : text::Value();
    }
    std::string read(std::string_view call) {
        const std::string text = value(call).to_text();
        EXPECT_EQ(context_.fault, "") << call;
        return text;
    }
    std::string fault(std::string_view call) {
        EXPECT_TRUE(value(call).is_undefined()) << call;
        return context_.fault;
    }

    text::SlotTable slots_;
    std::vector<text::Value> values_;
    Random random_{7};
    text::CallContext context_{random_, WallTime{1'763'719'200'123'456'789}};  // 2025-11-21T10:00:00.123Z
};

}  // namespace loadgen::scripting
