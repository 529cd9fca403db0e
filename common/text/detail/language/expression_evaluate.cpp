// Operators look at their operands where these lie; only what an operator makes is a value of its own.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "common/text/detail/language/expression_node.hpp"
#include "common/text/detail/language/function_lookup.hpp"

namespace loadgen::text {
namespace {

using Operator = ExpressionOperator;
using Node = ExpressionNode;

/// The value of `node`: one that exists already, or `made`.
const Value& view(const Node& node, const Scope& scope, Value& made) {
    if (node.op == Operator::kConstant) return node.value;
    if (node.op == Operator::kVariable) {
        if (const Value* found = node.path.find(scope.slots)) return *found;
    }
    made = evaluate(node, scope);
    return made;
}

bool is_tree(const Value& value) {
    return value.is_array() || value.is_object();
}

/// JavaScript's ==, but lists and objects by content, and nothing else is equal to them.
bool equal(const Value& a, const Value& b) {
    if (a.kind() == b.kind()) return a == b;
    const auto missing = [](const Value& value) { return value.is_undefined() || value.is_null(); };
    if (missing(a) || missing(b)) return missing(a) && missing(b);
    if (is_tree(a) || is_tree(b)) return false;
    return a.to_number() == b.to_number();
}

/// Whether a is the element b of a list: as filtrex, by what they read as.
bool same_element(const Value& a, const Value& b) {
    if (a.kind() == b.kind()) return a == b;
    const bool in_numbers = !a.is_string() && !b.is_string();
    if (in_numbers && (a.is_number() || b.is_number())) return equal(a, b);
    return !is_tree(a) && !is_tree(b) && a.to_text() == b.to_text();
}

template <typename Compare>
bool ordered(const Value& a, const Value& b, Compare compare) {
    if (a.is_string() && b.is_string()) return compare(a.string(), b.string());
    return compare(a.to_number(), b.to_number());
}

bool compare(const Node& node, const Scope& scope) {
    Value first;
    Value second;
    const Value& a = view(node.children[0], scope, first);
    const Value& b = view(node.children[1], scope, second);
    switch (node.op) {
        case Operator::kEqual:
            return equal(a, b);
        case Operator::kNotEqual:
            return !equal(a, b);
        case Operator::kLess:
            return ordered(a, b, [](const auto& x, const auto& y) { return x < y; });
        case Operator::kLessEqual:
            return ordered(a, b, [](const auto& x, const auto& y) { return x <= y; });
        case Operator::kGreater:
            return ordered(a, b, [](const auto& x, const auto& y) { return x > y; });
        default:
            return ordered(a, b, [](const auto& x, const auto& y) { return x >= y; });
    }
}

bool contains(const Node& list, const Value& element, const Scope& scope) {
    if (list.op == Operator::kList) {
        return std::any_of(list.children.begin(), list.children.end(), [&](const Node& child) {
            Value made;
            return same_element(element, view(child, scope, made));
        });
    }
    Value made;
    const Value& holder = view(list, scope, made);
    if (!holder.is_array()) return same_element(element, holder);
    return std::any_of(holder.elements().begin(), holder.elements().end(),
                       [&element](const Value& one) { return same_element(element, one); });
}

/// A list is in another when all of its elements are.
bool is_in(const Node& node, const Scope& scope) {
    Value made;
    const Value& what = view(node.children[0], scope, made);
    if (!what.is_array()) return contains(node.children[1], what, scope);
    return std::all_of(what.elements().begin(), what.elements().end(),
                       [&](const Value& one) { return contains(node.children[1], one, scope); });
}

bool matches(const Node& node, const Scope& scope) {
    Value made;
    const Value& what = view(node.children[0], scope, made);
    const auto search = [&what](const Regex& pattern) {
        return what.is_string() ? pattern.matches(what.string()) : pattern.matches(what.to_text());
    };
    if (node.pattern) return search(*node.pattern);
    Value made_pattern;
    const auto pattern = Regex::compile(view(node.children[1], scope, made_pattern).to_text());
    if (pattern) return search(*pattern);
    scope.context.fault = "the pattern of ~=: " + pattern.error().message;
    return false;
}

/// Math.pow, which differs from C's at infinities.
double power(double base, double exponent) {
    if (std::isnan(exponent) || (std::fabs(base) == 1 && std::isinf(exponent)))
        return std::numeric_limits<double>::quiet_NaN();
    return std::pow(base, exponent);
}

double modulo(double a, double b) {
    return std::fmod(std::fmod(a, b) + b, b);
}

double number_of(const Node& node, const Scope& scope) {
    const auto operand = [&node, &scope](std::size_t i) { return number_of(node.children[i], scope); };
    switch (node.op) {
        case Operator::kSubtract: {
            const double left = operand(0);
            return left - operand(1);
        }
        case Operator::kMultiply: {
            const double left = operand(0);
            return left * operand(1);
        }
        case Operator::kDivide: {
            const double left = operand(0);
            return left / operand(1);
        }
        case Operator::kRemainder: {
            const double left = operand(0);
            return std::fmod(left, operand(1));
        }
        case Operator::kModulo: {
            const double left = operand(0);
            return modulo(left, operand(1));
        }
        case Operator::kPower: {
            const double left = operand(0);
            return power(left, operand(1));
        }
        case Operator::kNegate:
            return -operand(0);
        default: {
            Value made;
            return view(node, scope, made).to_number();
        }
    }
}

Value add(const Node& node, const Scope& scope) {
    Value first;
    Value second;
    const Value& a = view(node.children[0], scope, first);
    const Value& b = view(node.children[1], scope, second);
    const bool in_texts = a.is_string() || b.is_string() || is_tree(a) || is_tree(b);
    if (!in_texts) return Value(a.to_number() + b.to_number());
    std::string joined = a.to_text();
    b.append_text(joined);
    return Value(std::move(joined));
}

Value member_of(const Node& node, const Scope& scope) {
    Value first;
    Value second;
    const Value& holder = view(node.children[0], scope, first);
    const Value& key = view(node.children[1], scope, second);
    if (holder.is_array() && key.is_number()) {
        const double index = key.number();
        const bool inside = index >= 0 && index < static_cast<double>(holder.elements().size());
        return inside && std::floor(index) == index ? holder.elements()[static_cast<std::size_t>(index)]
                                                    : Value();
    }
    return key.is_string() ? member_value(holder, key.string()) : member_value(holder, key.to_text());
}

Value list_of(const Node& node, const Scope& scope) {
    Value::Array elements;
    elements.reserve(node.children.size());
    for (const Node& child : node.children) elements.push_back(evaluate(child, scope));
    return Value(std::move(elements));
}

Value call(const Node& node, const Scope& scope) {
    std::array<Value, kMostArguments> arguments;
    for (std::size_t i = 0; i < node.children.size(); ++i) arguments[i] = evaluate(node.children[i], scope);
    return node.function(scope.context, std::span(arguments.data(), node.children.size()));
}

}  // namespace

bool holds(const ExpressionNode& node, const Scope& scope) {
    switch (node.op) {
        case Operator::kOr:
            return holds(node.children[0], scope) || holds(node.children[1], scope);
        case Operator::kAnd:
            return holds(node.children[0], scope) && holds(node.children[1], scope);
        case Operator::kNot:
            return !holds(node.children[0], scope);
        case Operator::kIn:
            return is_in(node, scope);
        case Operator::kNotIn:
            return !is_in(node, scope);
        case Operator::kMatch:
            return matches(node, scope);
        case Operator::kEqual:
        case Operator::kNotEqual:
        case Operator::kLess:
        case Operator::kLessEqual:
        case Operator::kGreater:
        case Operator::kGreaterEqual:
            return compare(node, scope);
        default: {
            Value made;
            return view(node, scope, made).truthy();
        }
    }
}

Value evaluate(const ExpressionNode& node, const Scope& scope) {
    switch (node.op) {
        case Operator::kConstant:
            return node.value;
        case Operator::kVariable:
            return node.path.read(scope.slots);
        case Operator::kList:
            return list_of(node, scope);
        case Operator::kCall:
            return call(node, scope);
        case Operator::kChoice:
            return evaluate(node.children[holds(node.children[0], scope) ? 1 : 2], scope);
        case Operator::kAdd:
            return add(node, scope);
        case Operator::kMember:
            return member_of(node, scope);
        case Operator::kSubtract:
        case Operator::kMultiply:
        case Operator::kDivide:
        case Operator::kRemainder:
        case Operator::kModulo:
        case Operator::kPower:
        case Operator::kNegate:
            return Value(number_of(node, scope));
        default:
            return Value(holds(node, scope));
    }
}

}  // namespace loadgen::text
