// Nodes of expressions, put together. Private to the parser.
#pragma once

#include <utility>
#include <vector>

#include "common/text/detail/language/expression_node.hpp"

namespace loadgen::text::building {

ExpressionNode constant(Value value);
ExpressionNode operation(ExpressionOperator op, std::vector<ExpressionNode> children);
/// A list whose elements are known is a value.
ExpressionNode list_of(std::vector<ExpressionNode> elements);
/// A member with a known name belongs to the path of its variable.
ExpressionNode member_of(ExpressionNode holder, ExpressionNode key);

template <typename... Nodes>
ExpressionNode operation_of(ExpressionOperator op, Nodes&&... nodes) {
    std::vector<ExpressionNode> children;
    children.reserve(sizeof...(nodes));
    (children.push_back(std::forward<Nodes>(nodes)), ...);
    return operation(op, std::move(children));
}

}  // namespace loadgen::text::building
