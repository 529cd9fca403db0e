// Expressions of scenarios and gates: the grammar of filtrex, which Artillery uses, compiled to a tree over
// slots.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/text/scope.hpp"

namespace loadgen::text {

struct ExpressionNode;

/// What a name with dots stands for. A name in 'single quotes' always stands for itself.
enum class DottedNames : std::uint8_t {
    kPaths,  ///< a.b is the variable a.b when it is known at the time of compiling, else the member b of a
    kWhole,  ///< a.b is the variable a.b: how metrics are named
};

/// From loose to tight: `? :`, `or` `||`, `and` `&&`, `in` `not in`, `==` `!=` `~=`, `<` `<=` `>` `>=`,
/// `+` `-`, `*` `/` `%` `mod`, `^`, `not` `!`, the sign `-`, members. All group to the left but `? :`. Values
/// are numbers, "texts", true, false, null, lists (1, 2), variables, 'variables of any name', a.b, a[0], b of
/// a, functions of filtrex such as max(a, b), and $functions. They convert as in JavaScript; `and`, `or`,
/// `not` and comparisons give true or false. Lists and objects are equal by content. `~=` searches for a
/// regular expression. Immutable; any thread may evaluate. Evaluation allocates only for texts and lists that
/// it makes.
class Expression {
  public:
    /// The error says at which character of `text` (from 1) what was found and what is allowed.
    static Result<Expression> compile(std::string_view text, SlotTable& slots, const FunctionTable& functions,
                                      DottedNames names = DottedNames::kPaths);

    Value evaluate(const Scope& scope) const;
    /// The same as `evaluate(scope).truthy()`, without making the value.
    bool holds(const Scope& scope) const;
    /// The variables it reads, each once.
    const std::vector<Slot>& reads() const { return reads_; }

  private:
    std::shared_ptr<const ExpressionNode> root_;
    std::vector<Slot> reads_;
};

}  // namespace loadgen::text
