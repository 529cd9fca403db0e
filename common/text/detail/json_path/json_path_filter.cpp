#include <algorithm>

#include "common/text/detail/json/json_equal.hpp"
#include "common/text/detail/json_path/json_path_tree.hpp"
#include "common/text/utf8.hpp"

namespace loadgen::text {
namespace {

constexpr std::size_t kPatternSteps = 2'000;  // what compiling a pattern counts for, in visits

}  // namespace

/// One side of a comparison (section 2.3.5.2.2); a kind of none is Nothing.
struct PathWalk::Comparable {
    std::optional<JsonKind> kind{};
    bool boolean = false;
    long double number = 0;
    std::string_view string{};
    std::optional<JsonValue> tree{};

    static Comparable of(JsonValue value) {
        Comparable made{.kind = value.kind()};
        made.boolean = value.as_bool().value_or(false);
        if (made.kind == JsonKind::kNumber) made.number = exact_number(value).value_or(0);
        made.string = value.as_string().value_or(std::string_view());
        made.tree = value;
        return made;
    }
    static Comparable of(std::size_t number) {
        Comparable made{.kind = JsonKind::kNumber};
        made.number = static_cast<long double>(number);
        return made;
    }
};

bool PathWalk::holds(const PathFilter& filter, JsonValue node) {
    const auto child = [this, node](const PathFilter& part) { return holds(part, node); };
    switch (filter.kind) {
        case PathFilter::Kind::kOr:
            return std::any_of(filter.children.begin(), filter.children.end(), child);
        case PathFilter::Kind::kAnd:
            return std::all_of(filter.children.begin(), filter.children.end(), child);
        case PathFilter::Kind::kNot:
            return !child(filter.children.front());
        case PathFilter::Kind::kTest:
            return filter.truth ? is_true(evaluate(filter.operands.front(), node))
                                : test(filter.operands.front(), node);
        default:
            return compare(filter.kind, filter.operands[0], filter.operands[1], node);
    }
}

bool PathWalk::is_true(const Comparable& value) {
    if (!value.kind) return false;
    switch (*value.kind) {
        case JsonKind::kNull:
            return false;
        case JsonKind::kBool:
            return value.boolean;
        case JsonKind::kNumber:
            return value.number != 0;
        case JsonKind::kString:
            return !value.string.empty();
        default:
            return true;
    }
}

bool PathWalk::test(const PathOperand& operand, JsonValue node) {
    if (operand.kind == PathOperand::Kind::kQuery) return !nodes(operand.query, node, 1).empty();
    return matches(operand, node);
}

bool PathWalk::compare(PathFilter::Kind kind, const PathOperand& left, const PathOperand& right,
                       JsonValue node) {
    const Comparable a = evaluate(left, node);
    const Comparable b = evaluate(right, node);
    const auto less = [](const Comparable& x, const Comparable& y) {
        if (x.kind != y.kind || !x.kind) return false;
        // Bytes of UTF-8 sort as the characters do.
        return (x.kind == JsonKind::kNumber && x.number < y.number) ||
               (x.kind == JsonKind::kString && x.string < y.string);
    };
    switch (kind) {
        case PathFilter::Kind::kEqual:
            return equal(a, b);
        case PathFilter::Kind::kUnequal:
            return !equal(a, b);
        case PathFilter::Kind::kLess:
            return less(a, b);
        case PathFilter::Kind::kLessOrEqual:
            return less(a, b) || equal(a, b);
        case PathFilter::Kind::kGreater:
            return less(b, a);
        default:
            return less(b, a) || equal(a, b);
    }
}

PathWalk::Comparable PathWalk::evaluate(const PathOperand& operand, JsonValue node) {
    switch (operand.kind) {
        case PathOperand::Kind::kNull:
            return {.kind = JsonKind::kNull};
        case PathOperand::Kind::kBool:
            return {.kind = JsonKind::kBool, .boolean = operand.boolean};
        case PathOperand::Kind::kNumber:
            return {.kind = JsonKind::kNumber, .number = static_cast<long double>(operand.number)};
        case PathOperand::Kind::kString:
            return {.kind = JsonKind::kString, .string = operand.string};
        case PathOperand::Kind::kQuery:
            return evaluate_query(operand, node);
        case PathOperand::Kind::kValue: {
            const auto found = nodes(operand.arguments.front().query, node, 2);
            return found.size() == 1 ? Comparable::of(found.front()) : Comparable{};
        }
        case PathOperand::Kind::kCount:
            return Comparable::of(count(operand.arguments.front().query, node));
        case PathOperand::Kind::kLength: {
            const Comparable value = evaluate(operand.arguments.front(), node);
            if (value.kind == JsonKind::kString) return Comparable::of(utf8_length(value.string));
            const bool is_tree = value.kind == JsonKind::kArray || value.kind == JsonKind::kObject;
            return is_tree ? Comparable::of(value.tree->size()) : Comparable{};
        }
        case PathOperand::Kind::kMatch:
        case PathOperand::Kind::kSearch:
            break;  // never in a comparison: the parser sees to it
    }
    return {};
}

PathWalk::Comparable PathWalk::evaluate_query(const PathOperand& operand, JsonValue node) {
    const auto found = nodes(operand.query, node, 1);
    if (!found.empty()) return Comparable::of(found.front());
    if (operand.arguments.empty()) return {};
    const auto measured = nodes(operand.arguments.front().query, node, 1);
    const auto length = measured.empty() ? std::nullopt : javascript_length(measured.front());
    return length ? Comparable::of(*length) : Comparable{};
}

bool PathWalk::matches(const PathOperand& call, JsonValue node) {
    const Comparable text = evaluate(call.arguments[0], node);
    if (text.kind != JsonKind::kString || !spend(text.string.size() / 64)) return false;
    if (call.pattern) return call.pattern->matches(text.string);
    const Comparable pattern = evaluate(call.arguments[1], node);
    if (pattern.kind != JsonKind::kString || !spend(kPatternSteps)) return false;
    const auto regex = path_pattern(pattern.string, call.kind == PathOperand::Kind::kMatch);
    return regex && regex->matches(text.string);
}

bool PathWalk::equal(const Comparable& a, const Comparable& b) {
    if (a.kind != b.kind) return false;
    if (!a.kind) return true;
    switch (*a.kind) {
        case JsonKind::kNull:
            return true;
        case JsonKind::kBool:
            return a.boolean == b.boolean;
        case JsonKind::kNumber:
            return a.number == b.number;
        case JsonKind::kString:
            return a.string == b.string;
        case JsonKind::kArray:
        case JsonKind::kObject:
            break;
    }
    return a.tree && b.tree && text::equal(*a.tree, *b.tree, steps_left_);
}

Result<Regex> path_pattern(std::string_view pattern, bool whole_text) {
    std::string text(pattern);
    if (whole_text) text = "^(?:" + text + ")$";
    return Regex::compile(text, "u");
}

}  // namespace loadgen::text
