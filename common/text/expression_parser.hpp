// From the text of an expression to its tree. Private to Expression.
#pragma once

#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/text/expression.hpp"
#include "common/text/expression_node.hpp"

namespace loadgen::text {

struct ParsedExpression {
    ExpressionNode root;
    std::vector<Slot> reads;
};

Result<ParsedExpression> parse_expression(std::string_view text, SlotTable& slots,
                                          const FunctionTable& functions, DottedNames names);

}  // namespace loadgen::text
