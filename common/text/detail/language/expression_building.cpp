#include "common/text/detail/language/expression_building.hpp"

#include <algorithm>

namespace loadgen::text::building {

ExpressionNode constant(Value value) {
    ExpressionNode made;
    made.value = std::move(value);
    return made;
}

ExpressionNode operation(ExpressionOperator op, std::vector<ExpressionNode> children) {
    ExpressionNode made;
    made.op = op;
    for (const ExpressionNode& child : children) made.height = std::max(made.height, child.height + 1);
    made.children = std::move(children);
    return made;
}

ExpressionNode list_of(std::vector<ExpressionNode> elements) {
    const bool known = std::all_of(elements.begin(), elements.end(), [](const ExpressionNode& one) {
        return one.op == ExpressionOperator::kConstant;
    });
    if (!known) return operation(ExpressionOperator::kList, std::move(elements));
    Value::Array values;
    for (ExpressionNode& element : elements) values.push_back(std::move(element.value));
    return constant(Value(std::move(values)));
}

ExpressionNode member_of(ExpressionNode holder, ExpressionNode key) {
    if (holder.op != ExpressionOperator::kVariable || key.op != ExpressionOperator::kConstant)
        return operation_of(ExpressionOperator::kMember, std::move(holder), std::move(key));
    holder.path.members.push_back(key.value.to_text());
    return holder;
}

}  // namespace loadgen::text::building
