#include "common/text/expression.hpp"

#include <utility>

#include "common/text/detail/language/expression_node.hpp"
#include "common/text/detail/language/expression_parser.hpp"

namespace loadgen::text {

Result<Expression> Expression::compile(std::string_view text, SlotTable& slots,
                                       const FunctionTable& functions, DottedNames names) {
    auto parsed = parse_expression(text, slots, functions, names);
    if (!parsed) return std::move(parsed).error();
    Expression made;
    made.root_ = std::make_shared<const ExpressionNode>(std::move(parsed->root));
    made.reads_ = std::move(parsed->reads);
    return made;
}

Value Expression::evaluate(const Scope& scope) const {
    return root_ ? text::evaluate(*root_, scope) : Value();
}

bool Expression::holds(const Scope& scope) const {
    return root_ && text::holds(*root_, scope);
}

}  // namespace loadgen::text
