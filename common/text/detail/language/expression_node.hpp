// The tree of a compiled expression. Private to Expression.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/text/regex.hpp"
#include "common/text/scope.hpp"
#include "common/text/value_path.hpp"

namespace loadgen::text {

enum class ExpressionOperator : std::uint8_t {
    kConstant,
    kVariable,
    kList,
    kCall,
    kChoice,
    kOr,
    kAnd,
    kIn,
    kNotIn,
    kEqual,
    kNotEqual,
    kMatch,
    kLess,
    kLessEqual,
    kGreater,
    kGreaterEqual,
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kRemainder,
    kModulo,
    kPower,
    kNot,
    kNegate,
    kMember,
};

struct ExpressionNode {
    ExpressionOperator op = ExpressionOperator::kConstant;
    int height = 1;                             ///< evaluation recurses as deep
    Value value = {};                           ///< kConstant
    ValuePath path = {};                        ///< kVariable
    Function function = nullptr;                ///< kCall
    std::optional<Regex> pattern = {};          ///< kMatch with a constant on its right
    std::vector<ExpressionNode> children = {};  ///< operands, elements, arguments
};

Value evaluate(const ExpressionNode& node, const Scope& scope);
bool holds(const ExpressionNode& node, const Scope& scope);

}  // namespace loadgen::text
