#include "common/text/detail/json_path/json_path_parser.hpp"

#include <algorithm>
#include <array>

namespace loadgen::text {
namespace {

struct Comparison {
    std::string_view text;
    PathFilter::Kind kind;
};
// Longer ones first. Three signs are JavaScript's, which jsonpath-plus takes.
constexpr std::array<Comparison, 8> kComparisons{{{"===", PathFilter::Kind::kEqual},
                                                  {"!==", PathFilter::Kind::kUnequal},
                                                  {"==", PathFilter::Kind::kEqual},
                                                  {"!=", PathFilter::Kind::kUnequal},
                                                  {"<=", PathFilter::Kind::kLessOrEqual},
                                                  {">=", PathFilter::Kind::kGreaterOrEqual},
                                                  {"<", PathFilter::Kind::kLess},
                                                  {">", PathFilter::Kind::kGreater}}};

struct PathFunction {
    std::string_view name;
    PathOperand::Kind kind;
    std::size_t arguments;
};
constexpr std::array<PathFunction, 5> kFunctions{{{"length", PathOperand::Kind::kLength, 1},
                                                  {"count", PathOperand::Kind::kCount, 1},
                                                  {"value", PathOperand::Kind::kValue, 1},
                                                  {"match", PathOperand::Kind::kMatch, 2},
                                                  {"search", PathOperand::Kind::kSearch, 2}}};

bool is_logical(const PathOperand& operand) {
    return operand.kind == PathOperand::Kind::kMatch || operand.kind == PathOperand::Kind::kSearch;
}

PathFilter negated(PathFilter filter) {
    PathFilter made{.kind = PathFilter::Kind::kNot};
    made.children.push_back(std::move(filter));
    return made;
}

}  // namespace

PathFilter PathParser::chain(std::string_view sign, PathFilter::Kind kind) {
    PathFilter filter{.kind = kind};
    do {
        cursor_.skip_space();
        filter.children.push_back(kind == PathFilter::Kind::kOr ? chain("&&", PathFilter::Kind::kAnd)
                                                                : basic());
        cursor_.skip_space();
    } while (!cursor_.failed() && cursor_.take(sign));
    if (filter.children.size() > 1) return filter;
    PathFilter only = std::move(filter.children.front());
    return only;
}

PathFilter PathParser::basic() {
    const Level level(*this);
    if (cursor_.failed()) return {};
    if (cursor_.here() == '!') {
        ++cursor_.at;
        cursor_.skip_space();
        if (cursor_.here() == '(') return negated(parentheses());
        return negated(test(operand()));
    }
    if (cursor_.here() == '(') return parentheses();
    return comparison_or_test();
}

PathFilter PathParser::parentheses() {
    ++cursor_.at;
    PathFilter filter = alternatives();
    cursor_.skip_space();
    if (!cursor_.take(")")) cursor_.fail("'&&', '||' or ')'");
    return filter;
}

PathFilter PathParser::comparison_or_test() {
    const std::size_t start = cursor_.at;
    PathFilter filter;
    filter.operands.push_back(operand());
    const std::size_t behind = cursor_.at;
    cursor_.skip_space();
    const auto sign =
        std::find_if(kComparisons.begin(), kComparisons.end(),
                     [this](const Comparison& candidate) { return cursor_.take(candidate.text); });
    if (sign == kComparisons.end()) {
        cursor_.at = behind;
        PathOperand only = std::move(filter.operands.front());
        return test(std::move(only));
    }
    filter.kind = sign->kind;
    require_value(filter.operands.front(), start);
    cursor_.skip_space();
    const std::size_t right = cursor_.at;
    filter.operands.push_back(operand());
    require_value(filter.operands.back(), right);
    return filter;
}

PathFilter PathParser::test(PathOperand operand) {
    require_test(operand);
    PathFilter filter;
    filter.truth =
        truth_ && in_brackets_ && operand.kind == PathOperand::Kind::kQuery && operand.query.is_singular();
    filter.operands.push_back(std::move(operand));
    return filter;
}

void PathParser::require_test(const PathOperand& operand) {
    if (operand.kind == PathOperand::Kind::kQuery || is_logical(operand)) return;
    cursor_.skip_space();
    cursor_.fail("a comparison");
}

void PathParser::require_value(const PathOperand& operand, std::size_t start) {
    if (cursor_.failed()) return;
    if (!is_logical(operand) && (operand.kind != PathOperand::Kind::kQuery || operand.query.is_singular()))
        return;
    cursor_.at = start;
    cursor_.fail(is_logical(operand) ? "a value: match() and search() are true or false already"
                                     : "a path of names and indices only, to compare one value");
}

PathOperand PathParser::operand() {
    PathOperand operand;
    const char c = cursor_.here();
    if (c == '@' || c == '$') return query_operand();
    if (c == '\'' || c == '"') {
        operand.kind = PathOperand::Kind::kString;
        operand.string = cursor_.string();
        return operand;
    }
    if (cursor_.sees_number()) {
        operand.kind = PathOperand::Kind::kNumber;
        operand.number = cursor_.number();
        return operand;
    }
    return word();
}

PathOperand PathParser::query_operand() {
    PathOperand operand;
    operand.kind = PathOperand::Kind::kQuery;
    operand.query.from_root = cursor_.here() == '$';
    ++cursor_.at;
    segments(operand.query);
    if (!operand.query.is_singular() || !operand.query.takes_length()) return operand;
    // As in jsonpath-plus, `@.name.length` measures a text or an array; a member of that name comes first.
    operand.arguments.push_back({.kind = PathOperand::Kind::kQuery, .query = operand.query});
    operand.arguments.front().query.segments.pop_back();
    return operand;
}

PathOperand PathParser::word() {
    PathOperand operand;
    const std::size_t start = cursor_.at;
    const std::string_view name = cursor_.take_name();
    if (name == "null") return operand;
    operand.kind = PathOperand::Kind::kBool;
    operand.boolean = name == "true";
    if (name == "true" || name == "false") return operand;
    const auto function =
        std::find_if(kFunctions.begin(), kFunctions.end(),
                     [name](const PathFunction& candidate) { return candidate.name == name; });
    if (function != kFunctions.end() && cursor_.here() == '(') {
        operand.kind = function->kind;
        arguments(function->arguments, operand);
        return operand;
    }
    cursor_.at = start;
    cursor_.fail(
        "'@', '$', a text in quotes, a number, true, false, null, or one of length(), count(), value(), "
        "match() and search()");
    return operand;
}

void PathParser::arguments(std::size_t count, PathOperand& call) {
    const Level level(*this);
    ++cursor_.at;
    while (!cursor_.failed() && call.arguments.size() < count) {
        cursor_.skip_space();
        if (!call.arguments.empty() && !cursor_.take(",")) return cursor_.fail("','");
        cursor_.skip_space();
        const std::size_t start = cursor_.at;
        call.arguments.push_back(operand());
        check_argument(call, start);
        cursor_.skip_space();
    }
    if (!cursor_.take(")")) cursor_.fail("')'");
}

void PathParser::check_argument(PathOperand& call, std::size_t start) {
    PathOperand& argument = call.arguments.back();
    const bool takes_nodes = call.kind == PathOperand::Kind::kCount || call.kind == PathOperand::Kind::kValue;
    if (!takes_nodes) require_value(argument, start);
    if (cursor_.failed()) return;
    if (takes_nodes && argument.kind != PathOperand::Kind::kQuery) {
        cursor_.at = start;
        return cursor_.fail("a path");
    }
    if (call.arguments.size() < 2 || argument.kind != PathOperand::Kind::kString) return;
    auto pattern = path_pattern(argument.string, call.kind == PathOperand::Kind::kMatch);
    if (pattern) {
        call.pattern = std::move(*pattern);
        return;
    }
    cursor_.at = start;
    cursor_.fail("a regular expression (" + pattern.error().message + ")");
}

}  // namespace loadgen::text
