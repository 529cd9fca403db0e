// A Pratt parser (V. R. Pratt, Top down operator precedence, 1973) over filtrex's grammar.
#include "common/text/detail/language/expression_parser.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "common/text/detail/language/expression_building.hpp"
#include "common/text/detail/language/expression_lexer.hpp"
#include "common/text/detail/language/expression_math.hpp"
#include "common/text/detail/language/function_lookup.hpp"
#include "common/text/value_path.hpp"

namespace loadgen::text {
namespace {

using Operator = ExpressionOperator;
using Node = ExpressionNode;
using Token = ExpressionToken;
using Kind = ExpressionToken::Kind;
using building::constant;
using building::list_of;
using building::member_of;
using building::operation;
using building::operation_of;

constexpr std::size_t kLongest = 16'384;
constexpr int kDeepest = 100;   // brackets and operators that stand before their operand
constexpr int kHighest = 1000;  // chains of operators

// Powers: what binds tighter is higher.
constexpr int kChoicePower = 1;
constexpr int kInPower = 4;
constexpr int kNotPower = 10;
constexpr int kSignPower = 11;

struct Binary {
    std::string_view symbol;
    Operator op;
    int power;
};

constexpr std::array<Binary, 20> kBinaries{
    {{"or", Operator::kOr, 2},           {"||", Operator::kOr, 2},        {"and", Operator::kAnd, 3},
     {"&&", Operator::kAnd, 3},          {"==", Operator::kEqual, 5},     {"===", Operator::kEqual, 5},
     {"!=", Operator::kNotEqual, 5},     {"!==", Operator::kNotEqual, 5}, {"~=", Operator::kMatch, 5},
     {"<", Operator::kLess, 6},          {"<=", Operator::kLessEqual, 6}, {">", Operator::kGreater, 6},
     {">=", Operator::kGreaterEqual, 6}, {"+", Operator::kAdd, 7},        {"-", Operator::kSubtract, 7},
     {"*", Operator::kMultiply, 8},      {"/", Operator::kDivide, 8},     {"%", Operator::kRemainder, 8},
     {"mod", Operator::kModulo, 8},      {"^", Operator::kPower, 9}}};

constexpr std::string_view kOperand = "a value or a variable";

class Parser {
  public:
    Parser(std::string_view text, SlotTable& slots, const FunctionTable& functions, DottedNames names)
        : lexer_(text), slots_(slots), functions_(functions), names_(names) {}

    Result<ParsedExpression> run() {
        if (auto first = advance(); !first) return std::move(first).error();
        auto root = expression(0);
        if (!root) return std::move(root).error();
        if (token_.kind != Kind::kEnd) return lexer_.unexpected(token_, "an operator or the end");
        return ParsedExpression{std::move(*root), std::move(reads_)};
    }

  private:
    Result<void> advance() {
        auto token = lexer_.next();
        if (!token) return std::move(token).error();
        token_ = std::move(*token);
        return {};
    }

    /// A symbol, or an operator that is a word.
    bool sees(std::string_view symbol) const {
        return (token_.kind == Kind::kSymbol || token_.kind == Kind::kName) && token_.text == symbol;
    }

    Result<void> take(std::string_view symbol, std::string_view expected) {
        if (!sees(symbol)) return lexer_.unexpected(token_, expected);
        return advance();
    }

    /// What stands here, up to an operator that binds no tighter than `power`.
    Result<Node> expression(int power) {
        if (++depth_ > kDeepest) return lexer_.fault(token_.at, "nested deeper than 100 levels");
        auto left = prefix();
        for (bool longer = true; left && longer;) {
            auto infixed = infix(*left, power);
            if (!infixed) return std::move(infixed).error();
            longer = *infixed;
            if (left->height > kHighest)
                return lexer_.fault(token_.at, "longer than 1000 operators in a row");
        }
        --depth_;
        return left;
    }

    // -- Operands

    Result<Node> prefix() {
        const Token token = token_;
        if (auto moved = advance(); !moved) return std::move(moved).error();
        Result<Node> operand = primary(token);
        while (operand && (sees("[") || token_.kind == Kind::kMember)) {
            if (auto longer = postfix(*operand); !longer) return std::move(longer).error();
        }
        return operand;
    }

    Result<Node> primary(const Token& token) {
        if (token.kind == Kind::kNumber) return constant(Value(token.number));
        if (token.kind == Kind::kText) return constant(Value(token.text));
        if (token.kind == Kind::kQuotedName) return name(token);
        if (token.kind == Kind::kName && token.text != "not") return word(token);
        if (token.text == "(" && token.kind == Kind::kSymbol) return in_parentheses();
        const bool negation = token.text == "not" || token.text == "!";
        if (!negation && token.text != "-") return lexer_.unexpected(token, kOperand);
        if (token.kind == Kind::kMember) return lexer_.unexpected(token, kOperand);
        auto operand = expression(negation ? kNotPower : kSignPower);
        if (!operand) return operand;
        if (!negation && operand->op == Operator::kConstant && operand->value.is_number())
            return constant(Value(-operand->value.number()));
        return operation_of(negation ? Operator::kNot : Operator::kNegate, std::move(*operand));
    }

    Result<Node> word(const Token& token) {
        if (token.text == "true" || token.text == "false") return constant(Value(token.text == "true"));
        if (token.text == "null") return constant(Value::null());
        const auto operators = {"and", "or", "in", "of", "mod"};
        if (sees("(")) {
            if (token.text != "and" && token.text != "or" && token.text != "in") return call(token);
        } else if (std::find(operators.begin(), operators.end(), token.text) == operators.end()) {
            return name(token);
        }
        return lexer_.unexpected(token, kOperand);
    }

    Result<Node> name(const Token& token) {
        const bool whole = token.kind == Kind::kQuotedName || names_ == DottedNames::kWhole;
        if (sees("of")) {
            if (auto moved = advance(); !moved) return std::move(moved).error();
            auto holder = expression(kSignPower);
            if (!holder) return holder;
            return member_of(std::move(*holder), constant(Value(token.text)));
        }
        Node made;
        made.op = Operator::kVariable;
        if (whole) {
            made.path.head = slots_.slot_of(token.text);
        } else {
            auto path = parse_path(token.text, slots_);
            if (!path) return lexer_.fault(token.at, path.error().message);
            made.path = std::move(*path);
        }
        if (std::find(reads_.begin(), reads_.end(), made.path.head) == reads_.end())
            reads_.push_back(made.path.head);
        return made;
    }

    /// "a)" or "a, b)", which is a list.
    Result<Node> in_parentheses() {
        auto first = expression(0);
        if (!first || !sees(",")) {
            if (!first) return first;
            if (auto closed = take(")", "an operator, ',' or ')'"); !closed) return std::move(closed).error();
            return first;
        }
        std::vector<Node> elements;
        elements.push_back(std::move(*first));
        while (sees(",")) {
            if (auto moved = advance(); !moved) return std::move(moved).error();
            auto next = expression(0);
            if (!next) return next;
            elements.push_back(std::move(*next));
        }
        if (auto closed = take(")", "an operator, ',' or ')'"); !closed) return std::move(closed).error();
        return list_of(std::move(elements));
    }

    Result<Node> call(const Token& token) {
        if (auto opened = advance(); !opened) return std::move(opened).error();
        std::vector<Node> arguments;
        while (!sees(")")) {
            auto argument = expression(0);
            if (!argument) return argument;
            arguments.push_back(std::move(*argument));
            if (arguments.size() > kMostArguments) return lexer_.fault(token.at, "found too many arguments");
            if (sees(")")) break;
            if (auto comma = take(",", "an operator, ',' or ')'"); !comma) return std::move(comma).error();
            if (sees(")")) return lexer_.unexpected(token_, kOperand);
        }
        if (auto closed = advance(); !closed) return std::move(closed).error();
        const bool ours = token.text.starts_with('$');
        auto function = ours ? find_function(functions_, token.text, arguments.size())
                             : find_math_function(token.text, arguments.size(), functions_);
        if (!function) return lexer_.fault(token.at, function.error().message);
        Node made = operation(Operator::kCall, std::move(arguments));
        made.function = (*function)->call;
        return made;
    }

    /// Members behind an operand: "[key]" or ".a.b".
    Result<void> postfix(Node& operand) {
        if (token_.kind == Kind::kMember) {
            for (std::string& part : split_path(token_.text))
                operand = member_of(std::move(operand), constant(Value(std::move(part))));
            return advance();
        }
        if (auto moved = advance(); !moved) return moved;
        auto key = expression(0);
        if (!key) return std::move(key).error();
        operand = member_of(std::move(operand), std::move(*key));
        return take("]", "an operator or ']'");
    }

    // -- Operators

    /// Makes `left` longer when an operator follows that binds tighter than `power`; false when none does.
    Result<bool> infix(Node& left, int power) {
        if (sees("?")) return power < kChoicePower ? choice(left) : Result<bool>(false);
        if (sees("in") || sees("not")) return power < kInPower ? membership(left) : Result<bool>(false);
        for (const Binary& binary : kBinaries) {
            if (!sees(binary.symbol)) continue;
            if (binary.power <= power) return false;
            return binary_operation(left, binary);
        }
        const bool may_end = token_.kind == Kind::kEnd || sees(")") || sees("]") || sees(",") || sees(":");
        if (!may_end) return lexer_.unexpected(token_, "an operator");
        return false;
    }

    Result<bool> binary_operation(Node& left, const Binary& binary) {
        if (auto moved = advance(); !moved) return std::move(moved).error();
        const std::size_t at = token_.at;
        auto right = expression(binary.power);
        if (!right) return std::move(right).error();
        std::optional<Regex> pattern;
        if (binary.op == Operator::kMatch && right->op == Operator::kConstant) {
            auto compiled = Regex::compile(right->value.to_text());
            if (!compiled) return lexer_.fault(at, "in the pattern, " + compiled.error().message);
            pattern = std::move(*compiled);
        }
        left = operation_of(binary.op, std::move(left), std::move(*right));
        left.pattern = std::move(pattern);
        return true;
    }

    Result<bool> choice(Node& left) {
        if (auto moved = advance(); !moved) return std::move(moved).error();
        auto yes = expression(0);
        if (!yes) return std::move(yes).error();
        if (auto colon = take(":", "an operator or ':'"); !colon) return std::move(colon).error();
        auto no = expression(0);
        if (!no) return std::move(no).error();
        left = operation_of(Operator::kChoice, std::move(left), std::move(*yes), std::move(*no));
        return true;
    }

    Result<bool> membership(Node& left) {
        const bool negated = sees("not");
        if (negated) {
            if (auto moved = advance(); !moved) return std::move(moved).error();
            if (!sees("in")) return lexer_.unexpected(token_, "'in' behind 'not'");
        }
        if (auto moved = advance(); !moved) return std::move(moved).error();
        // What stands in parentheses is the list and the end of it.
        auto list = sees("(") ? prefix() : expression(kInPower);
        if (!list) return std::move(list).error();
        left = operation_of(negated ? Operator::kNotIn : Operator::kIn, std::move(left), std::move(*list));
        return true;
    }

    ExpressionLexer lexer_;
    SlotTable& slots_;
    const FunctionTable& functions_;
    DottedNames names_;
    std::vector<Slot> reads_;
    Token token_;
    int depth_ = 0;
};

}  // namespace

Result<ParsedExpression> parse_expression(std::string_view text, SlotTable& slots,
                                          const FunctionTable& functions, DottedNames names) {
    if (text.size() > kLongest)
        return Error{ErrorCode::kLimit, "longer than " + std::to_string(kLongest) + " bytes"};
    return Parser(text, slots, functions, names).run();
}

}  // namespace loadgen::text
