// Templates, expressions, names of functions and of variables: from nodes of the script to their compiled
// forms. What does not compile becomes a finding, and the result something harmless.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/plan/steps.hpp"
#include "loadgen/scenario/artillery/compilation.hpp"

namespace loadgen::scenario::artillery {

/// Of a scalar; the empty text for anything else.
text::Template compile_text(Compilation& compilation, const Spot& scalar);
/// Of a text that was made from that scalar.
text::Template compile_text(Compilation& compilation, const Spot& scalar, std::string_view text);
/// Of any tree: texts in it and keys are templates, other scalars keep their kind.
text::ValueTemplate compile_value(Compilation& compilation, const Spot& spot);
/// Of the key of `member`.
text::Template compile_key(Compilation& compilation, const Spot& member, const std::string& key);
enum class ExpressionPlace : std::uint8_t {
    kAssertion,
    kRepetition,  ///< of a loop
    kCondition,   ///< of a step: a missing variable is often meant to be there
    kAssignment,  ///< a text without quotes is often meant to be one
};
std::optional<text::Expression> compile_expression(Compilation& compilation, const Spot& scalar,
                                                   ExpressionPlace place);
/// A function of the processor, if it exports one of that name, else an expression.
std::optional<plan::Condition> compile_condition(Compilation& compilation, const Spot& scalar,
                                                 ExpressionPlace place);
std::optional<plan::FunctionIndex> compile_function(Compilation& compilation, const Spot& scalar);
/// Of a hook's value: one name or a list of them.
std::vector<plan::FunctionIndex> compile_hooks(Compilation& compilation, const Spot& hook);
/// "token", "user.address[0]": `name` stands at `spot`.
std::optional<plan::Target> compile_target(Compilation& compilation, const Spot& spot, std::string_view name,
                                           bool capture);
/// For a message about an expression that was perhaps meant to be a text.
std::string text_hint(std::string_view text);

/// What an expression says that reads no variable: true, false, or nothing when it is no constant.
std::optional<bool> constant_truth(const plan::Condition& condition);

/// Names of environment variables in a text's templates that are not set.
std::vector<std::string> unset_environment(const LoadOptions& options, std::string_view text);

}  // namespace loadgen::scenario::artillery
