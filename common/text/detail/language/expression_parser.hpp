// From the text of an expression to its tree. Private to Expression.
#pragma once

#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/text/detail/language/expression_node.hpp"
#include "common/text/expression.hpp"

namespace loadgen::text {

struct ParsedExpression {
    ExpressionNode root;
    std::vector<Slot> reads;
};

Result<ParsedExpression> parse_expression(std::string_view text, SlotTable& slots,
                                          const FunctionTable& functions, DottedNames names);

}  // namespace loadgen::text
