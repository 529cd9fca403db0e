// What a compiled template consists of. Private to Template.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/base/result.hpp"
#include "common/text/scope.hpp"
#include "common/text/value_path.hpp"

namespace loadgen::text {

/// A function with what it is called with.
struct TemplateCall {
    using Argument = std::variant<Value, ValuePath, TemplateCall>;

    const FunctionEntry* function = nullptr;
    std::vector<Argument> arguments;  ///< at most kMostArguments

    Value evaluate(const Scope& scope) const;
};

/// A piece of text as it stands, a variable, or a call.
using TemplateSegment = std::variant<std::string, ValuePath, TemplateCall>;

/// A text taken apart.
struct TemplateParts {
    std::vector<TemplateSegment> segments;  ///< texts are not empty and never neighbours
    std::vector<Slot> reads;                ///< each once
    std::size_t lost_brace = 0;             ///< see Template::lost_brace
};

Result<TemplateParts> parse_template(std::string_view text, SlotTable& slots, const FunctionTable& functions);

}  // namespace loadgen::text
