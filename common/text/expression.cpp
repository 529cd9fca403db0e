// A Pratt parser (Pratt, 1973) over filtrex's grammar, and the tree that it makes.
#include "common/text/expression.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <variant>

#include "common/text/expression_math.hpp"
#include "common/text/function_lookup.hpp"
#include "common/text/regex.hpp"
#include "common/text/value_path.hpp"

namespace loadgen::text {
namespace {

constexpr std::size_t kLongest = 16'384;
constexpr int kDeepest = 200;

enum class Operator : std::uint8_t {
    kOr,
    kAnd,
    kNot,
    kEqual,
    kNotEqual,
    kLess,
    kLessEqual,
    kGreater,
    kGreaterEqual,
    kMatch,
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kRemainder,
    kPower,
    kNegate,
    kChoice,  // ? :
    kIn,
    kNotIn,
    kIndex,
};

}  // namespace

struct Expression::Node {
    using Children = std::vector<std::shared_ptr<const Node>>;
    struct Operation {
        Operator op;
        Children children;
        std::optional<Regex> pattern = std::nullopt;  // of ~= with a constant on its right
    };
    struct Call {
        const FunctionEntry* function;
        Children arguments;
    };
    struct Math {
        const MathFunction* function;
        Children arguments;
    };
    std::variant<Value, ValuePath, Operation, Call, Math> content;

    Value evaluate(const Scope& scope) const;
};

namespace {

bool less(const Value& a, const Value& b) {
    if (a.is_string() && b.is_string()) return a.string() < b.string();
    return a.to_number() < b.to_number();
}

bool less_or_equal(const Value& a, const Value& b) {
    if (a.is_string() && b.is_string()) return a.string() <= b.string();
    return a.to_number() <= b.to_number();
}

/// JavaScript's ==, as far as filtrex's users mean it: texts and numbers compare as numbers.
bool equal(const Value& a, const Value& b) {
    const auto missing = [](const Value& value) { return value.is_undefined() || value.is_null(); };
    if (missing(a) || missing(b)) return missing(a) && missing(b);
    if (a.kind() == b.kind()) return a == b;
    if (a.is_array() || a.is_object() || b.is_array() || b.is_object()) return a.to_text() == b.to_text();
    return a.to_number() == b.to_number();
}

Value add(const Value& a, const Value& b) {
    if (!a.is_string() && !b.is_string()) return Value(a.to_number() + b.to_number());
    std::string joined = a.to_text();
    b.append_text(joined);
    return Value(std::move(joined));
}

Value element_of(const Value& holder, const Value& key) {
    if (holder.is_object()) {
        const Value* found = holder.find(key.to_text());
        return found != nullptr ? *found : Value();
    }
    const double index = key.to_number();
    if (!holder.is_array() || !(index >= 0) || index >= static_cast<double>(holder.elements().size()))
        return {};
    return holder.elements()[static_cast<std::size_t>(index)];
}

bool matches(const std::optional<Regex>& constant, const Value& text, const Value& pattern,
             CallContext& context) {
    if (constant) return constant->matches(text.to_text());
    const auto compiled = Regex::compile(pattern.to_text());
    if (compiled) return compiled->matches(text.to_text());
    context.fault = compiled.error().message;
    return false;
}

}  // namespace

Value Expression::Node::evaluate(const Scope& scope) const {
    if (const auto* value = std::get_if<Value>(&content)) return *value;
    if (const auto* path = std::get_if<ValuePath>(&content)) return path->read(scope.slots);
    if (const auto* call = std::get_if<Call>(&content)) {
        std::array<Value, kMostArguments> arguments;
        for (std::size_t i = 0; i < call->arguments.size(); ++i)
            arguments[i] = call->arguments[i]->evaluate(scope);
        return call->function->call(scope.context, std::span(arguments.data(), call->arguments.size()));
    }
    if (const auto* math = std::get_if<Math>(&content)) {
        std::array<Value, kMostArguments> arguments;
        for (std::size_t i = 0; i < math->arguments.size(); ++i)
            arguments[i] = math->arguments[i]->evaluate(scope);
        return math->function->call(scope.context, std::span(arguments.data(), math->arguments.size()));
    }
    const auto& [op, children, pattern] = std::get<Operation>(content);
    const Value first = children[0]->evaluate(scope);
    switch (op) {
        case Operator::kOr:
            return Value(first.truthy() || children[1]->evaluate(scope).truthy());
        case Operator::kAnd:
            return Value(first.truthy() && children[1]->evaluate(scope).truthy());
        case Operator::kNot:
            return Value(!first.truthy());
        case Operator::kNegate:
            return Value(-first.to_number());
        case Operator::kChoice:
            return children[first.truthy() ? 1 : 2]->evaluate(scope);
        case Operator::kIn:
        case Operator::kNotIn: {
            const bool found = std::any_of(children.begin() + 1, children.end(), [&](const auto& child) {
                const Value one = child->evaluate(scope);
                if (!one.is_array()) return equal(first, one);
                return std::any_of(one.elements().begin(), one.elements().end(),
                                   [&first](const Value& element) { return equal(first, element); });
            });
            return Value(found == (op == Operator::kIn));
        }
        default:
            break;
    }
    const Value second = children[1]->evaluate(scope);
    switch (op) {
        case Operator::kEqual:
            return Value(equal(first, second));
        case Operator::kNotEqual:
            return Value(!equal(first, second));
        case Operator::kLess:
            return Value(less(first, second));
        case Operator::kLessEqual:
            return Value(less_or_equal(first, second));
        case Operator::kGreater:
            return Value(less(second, first));
        case Operator::kGreaterEqual:
            return Value(less_or_equal(second, first));
        case Operator::kMatch:
            return Value(matches(pattern, first, second, scope.context));
        case Operator::kAdd:
            return add(first, second);
        case Operator::kSubtract:
            return Value(first.to_number() - second.to_number());
        case Operator::kMultiply:
            return Value(first.to_number() * second.to_number());
        case Operator::kDivide:
            return Value(first.to_number() / second.to_number());
        case Operator::kRemainder:
            return Value(std::fmod(first.to_number(), second.to_number()));
        case Operator::kPower:
            return Value(std::pow(first.to_number(), second.to_number()));
        case Operator::kIndex:
            return element_of(first, second);
        default:
            return {};
    }
}

namespace {

enum class Kind : std::uint8_t { kEnd, kNumber, kText, kName, kSymbol };

struct Token {
    Kind kind = Kind::kEnd;
    std::size_t at = 0;
    std::string text;
    double number = 0;
};

struct Binary {
    std::string_view symbol;
    Operator op;
    int power;  // binds the tighter the higher
};

constexpr int kChoicePower = 1;
constexpr int kComparison = 4;
constexpr int kUnaryPower = 8;
constexpr int kPostfixPower = 10;

constexpr std::array<Binary, 19> kBinaries{{{"or", Operator::kOr, 2},
                                            {"||", Operator::kOr, 2},
                                            {"and", Operator::kAnd, 3},
                                            {"&&", Operator::kAnd, 3},
                                            {"==", Operator::kEqual, kComparison},
                                            {"===", Operator::kEqual, kComparison},
                                            {"!=", Operator::kNotEqual, kComparison},
                                            {"!==", Operator::kNotEqual, kComparison},
                                            {"<", Operator::kLess, kComparison},
                                            {"<=", Operator::kLessEqual, kComparison},
                                            {">", Operator::kGreater, kComparison},
                                            {">=", Operator::kGreaterEqual, kComparison},
                                            {"~=", Operator::kMatch, kComparison},
                                            {"+", Operator::kAdd, 6},
                                            {"-", Operator::kSubtract, 6},
                                            {"*", Operator::kMultiply, 7},
                                            {"/", Operator::kDivide, 7},
                                            {"%", Operator::kRemainder, 7},
                                            {"^", Operator::kPower, 9}}};

constexpr std::array<std::string_view, 23> kSymbols{"===", "!==", "==", "!=", "<=", ">=", "~=", "&&",
                                                    "||",  "<",   ">",  "+",  "-",  "*",  "/",  "%",
                                                    "^",   "?",   ":",  ",",  "(",  ")",  "!"};

bool starts_name(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return std::isalpha(byte) != 0 || c == '_' || c == '$' || byte >= 0x80;
}

bool continues_name(char c) {
    return starts_name(c) || (c >= '0' && c <= '9') || c == '.';
}

Error fault_at(std::size_t at, std::string what) {
    return {ErrorCode::kSyntax, "character " + std::to_string(at + 1) + ": " + std::move(what)};
}

class Lexer {
  public:
    explicit Lexer(std::string_view text) : text_(text) {}

    Result<Token> next() {
        while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
            ++at_;
        Token token{Kind::kEnd, at_, "", 0};
        if (at_ == text_.size()) return token;
        const char c = text_[at_];
        if (c == '"' || c == '\'') return quoted(token, c);
        const bool member = c == '.' && at_ + 1 < text_.size() && starts_name(text_[at_ + 1]);
        if (!member && ((c >= '0' && c <= '9') || c == '.')) return number(token);
        if (member || starts_name(c)) {
            while (at_ < text_.size() && continues_name(text_[at_])) token.text += text_[at_++];
            token.kind = Kind::kName;
            return token;
        }
        if (c == '[' || c == ']') return symbol(token, 1);
        for (const std::string_view known : kSymbols) {
            if (text_.substr(at_).starts_with(known)) return symbol(token, known.size());
        }
        return fault_at(at_,
                        "found '" + std::string(1, c) + "', expected a value, a variable or an operator");
    }

  private:
    Token symbol(Token& token, std::size_t length) {
        token.kind = Kind::kSymbol;
        token.text = text_.substr(at_, length);
        at_ += length;
        return std::move(token);
    }

    Result<Token> number(Token& token) {
        const auto [end, fault] =
            std::from_chars(text_.data() + at_, text_.data() + text_.size(), token.number);
        if (fault != std::errc()) return fault_at(at_, "found '.', expected a number");
        at_ = static_cast<std::size_t>(end - text_.data());
        token.kind = Kind::kNumber;
        return std::move(token);
    }

    /// "texts", and 'names' of any characters; both know \" and \\.
    Result<Token> quoted(Token& token, char quote) {
        for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size() &&
                (text_[at_ + 1] == quote || text_[at_ + 1] == '\\'))
                ++at_;
            token.text += text_[at_];
        }
        if (at_ == text_.size())
            return fault_at(token.at, std::string("found ") + quote + " without its end");
        ++at_;
        token.kind = quote == '"' ? Kind::kText : Kind::kName;
        return std::move(token);
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

class ExpressionParser {
  public:
    using Node = Expression::Node;
    using Pointer = std::shared_ptr<const Node>;

    ExpressionParser(std::string_view text, SlotTable& slots, const FunctionTable& functions,
                     std::vector<Slot>& reads)
        : lexer_(text), slots_(slots), functions_(functions), reads_(reads) {}

    Result<Pointer> run() {
        if (auto first = advance(); !first) return std::move(first).error();
        auto root = expression(0);
        if (!root) return root;
        if (token_.kind != Kind::kEnd) return unexpected("an operator or the end");
        return root;
    }

  private:
    Result<void> advance() {
        auto token = lexer_.next();
        if (!token) return std::move(token).error();
        token_ = std::move(*token);
        return {};
    }

    bool is(std::string_view symbol) const {
        return (token_.kind == Kind::kSymbol || token_.kind == Kind::kName) && token_.text == symbol;
    }

    Error unexpected(std::string_view expected) const {
        std::string found = token_.kind == Kind::kEnd ? "the end" : '"' + token_.text + '"';
        if (token_.kind == Kind::kNumber) found = "a number";
        return fault_at(token_.at, "found " + found + ", expected " + std::string(expected));
    }

    Result<void> take(std::string_view symbol) {
        if (!is(symbol)) return unexpected('"' + std::string(symbol) + '"');
        return advance();
    }

    static Pointer operation(Operator op, Node::Children children) {
        return std::make_shared<const Node>(Node{Node::Operation{op, std::move(children)}});
    }

    Result<Pointer> expression(int power) {
        if (++depth_ > kDeepest) return fault_at(token_.at, "nested too deeply");
        auto left = prefix();
        while (left && token_.kind != Kind::kEnd) {
            auto longer = infix(*left, power);
            if (!longer) return std::move(longer).error();
            if (*longer == nullptr) break;
            left = std::move(*longer);
        }
        --depth_;
        return left;
    }

    Result<Pointer> prefix() {
        const Token token = token_;
        if (auto moved = advance(); !moved) return std::move(moved).error();
        switch (token.kind) {
            case Kind::kNumber:
                return constant(Value(token.number));
            case Kind::kText:
                return constant(Value(token.text));
            case Kind::kName:
                return name(token);
            case Kind::kSymbol:
                break;
            case Kind::kEnd:
                return fault_at(token.at, "found the end, expected a value or a variable");
        }
        if (token.text == "(") {
            auto inner = expression(0);
            if (!inner) return inner;
            if (auto closed = take(")"); !closed) return std::move(closed).error();
            return inner;
        }
        if (token.text == "-" || token.text == "!") {
            auto operand = expression(kUnaryPower);
            if (!operand) return operand;
            return operation(token.text == "-" ? Operator::kNegate : Operator::kNot, {std::move(*operand)});
        }
        return fault_at(token.at, "found \"" + token.text + "\", expected a value or a variable");
    }

    static Pointer constant(Value value) { return std::make_shared<const Node>(Node{std::move(value)}); }

    Result<Pointer> name(const Token& token) {
        if (token.text == "true" || token.text == "false") return constant(Value(token.text == "true"));
        if (token.text == "null") return constant(Value::null());
        if (token.text == "not") {
            auto operand = expression(kComparison - 1);
            if (!operand) return operand;
            return operation(Operator::kNot, {std::move(*operand)});
        }
        if (is("(")) return call(token);
        auto path = parse_path(token.text, slots_);
        if (!path) return fault_at(token.at, path.error().message);
        if (std::find(reads_.begin(), reads_.end(), path->head) == reads_.end()) reads_.push_back(path->head);
        return std::make_shared<const Node>(Node{std::move(*path)});
    }

    Result<Pointer> call(const Token& token) {
        auto arguments = list();
        if (!arguments) return std::move(arguments).error();
        if (const MathFunction* math = find_math_function(token.text)) {
            if (arguments->size() < math->min_arguments || arguments->size() > kMostArguments) {
                return fault_at(token.at, token.text + " needs at least " +
                                              std::to_string(math->min_arguments) + " and takes at most " +
                                              std::to_string(kMostArguments) + " arguments");
            }
            return std::make_shared<const Node>(Node{Node::Math{math, std::move(*arguments)}});
        }
        auto function = find_function(functions_, token.text, arguments->size());
        if (!function) return fault_at(token.at, function.error().message);
        return std::make_shared<const Node>(Node{Node::Call{*function, std::move(*arguments)}});
    }

    /// "(a, b)", the token standing at "(".
    Result<Node::Children> list() {
        Node::Children children;
        if (auto opened = take("("); !opened) return std::move(opened).error();
        while (!is(")")) {
            auto child = expression(0);
            if (!child) return std::move(child).error();
            children.push_back(std::move(*child));
            if (is(")")) break;
            if (auto comma = take(","); !comma) return std::move(comma).error();
        }
        if (auto closed = take(")"); !closed) return std::move(closed).error();
        return children;
    }

    /// `left` with what follows, when that binds tighter than `power`; null when it does not.
    Result<Pointer> infix(const Pointer& left, int power) {
        if (is("[") && power < kPostfixPower) return index(left);
        if (is("?") && power < kChoicePower) return choice(left);
        if ((is("in") || is("not")) && power < kComparison) return membership(left);
        for (const Binary& binary : kBinaries) {
            if (!is(binary.symbol) || binary.power <= power) continue;
            if (auto moved = advance(); !moved) return std::move(moved).error();
            // ^ groups to the right.
            auto right = expression(binary.op == Operator::kPower ? binary.power - 1 : binary.power);
            if (!right) return right;
            return with_pattern(binary.op, left, std::move(*right));
        }
        if (token_.kind == Kind::kSymbol && is_closing()) return Pointer();
        for (const Binary& binary : kBinaries) {
            if (is(binary.symbol)) return Pointer();
        }
        if (is("in") || is("not") || is("?") || is("[")) return Pointer();
        return unexpected("an operator or the end");
    }

    bool is_closing() const { return is(")") || is("]") || is(",") || is(":"); }

    Result<Pointer> with_pattern(Operator op, const Pointer& left, Pointer right) {
        std::optional<Regex> pattern;
        const auto* value = std::get_if<Value>(&right->content);
        if (op == Operator::kMatch && value != nullptr) {
            auto compiled = Regex::compile(value->to_text());
            if (!compiled) return std::move(compiled).error();
            pattern = std::move(*compiled);
        }
        Node::Operation made{op, {left, std::move(right)}, std::move(pattern)};
        return std::make_shared<const Node>(Node{std::move(made)});
    }

    Result<Pointer> index(const Pointer& left) {
        if (auto moved = advance(); !moved) return std::move(moved).error();
        auto key = expression(0);
        if (!key) return key;
        if (auto closed = take("]"); !closed) return std::move(closed).error();
        Pointer at = operation(Operator::kIndex, {left, std::move(*key)});
        // ".b" behind "]" comes as a name or a number of its own.
        while (token_.kind == Kind::kName && token_.text.starts_with('.')) {
            for (const std::string& part : split_path(token_.text)) {
                at = operation(Operator::kIndex, {at, constant(Value(part))});
            }
            if (auto moved = advance(); !moved) return std::move(moved).error();
        }
        return at;
    }

    Result<Pointer> choice(const Pointer& left) {
        if (auto moved = advance(); !moved) return std::move(moved).error();
        auto yes = expression(0);
        if (!yes) return yes;
        if (auto colon = take(":"); !colon) return std::move(colon).error();
        auto no = expression(0);
        if (!no) return no;
        return operation(Operator::kChoice, {left, std::move(*yes), std::move(*no)});
    }

    Result<Pointer> membership(const Pointer& left) {
        const bool negated = is("not");
        if (negated) {
            if (auto moved = advance(); !moved) return std::move(moved).error();
            if (!is("in")) return unexpected("\"in\"");
        }
        if (auto moved = advance(); !moved) return std::move(moved).error();
        Node::Children children{left};
        if (is("(")) {
            auto members = list();
            if (!members) return std::move(members).error();
            children.insert(children.end(), members->begin(), members->end());
        } else {
            auto holder = expression(kComparison);
            if (!holder) return holder;
            children.push_back(std::move(*holder));
        }
        return operation(negated ? Operator::kNotIn : Operator::kIn, std::move(children));
    }

    Lexer lexer_;
    SlotTable& slots_;
    const FunctionTable& functions_;
    std::vector<Slot>& reads_;
    Token token_;
    int depth_ = 0;
};

Result<Expression> Expression::compile(std::string_view text, SlotTable& slots,
                                       const FunctionTable& functions) {
    if (text.size() > kLongest)
        return Error{ErrorCode::kLimit, "longer than " + std::to_string(kLongest) + " characters"};
    Expression made;
    auto root = ExpressionParser(text, slots, functions, made.reads_).run();
    if (!root) return std::move(root).error();
    made.root_ = std::move(*root);
    return made;
}

Value Expression::evaluate(const Scope& scope) const {
    return root_ ? root_->evaluate(scope) : Value();
}

}  // namespace loadgen::text
