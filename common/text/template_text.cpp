#include "common/text/template_text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <variant>

#include "common/text/function_lookup.hpp"
#include "common/text/json_writer.hpp"
#include "common/text/value_path.hpp"

namespace loadgen::text {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

/// A function with what it is called with: values, or paths to them.
struct Call {
    const FunctionEntry* function = nullptr;
    std::vector<std::variant<Value, ValuePath>> arguments;

    Value evaluate(const Scope& scope) const {
        Value values[kMostArguments];
        for (std::size_t index = 0; index < arguments.size(); ++index) {
            const auto* path = std::get_if<ValuePath>(&arguments[index]);
            values[index] = path != nullptr ? path->read(scope.slots) : std::get<Value>(arguments[index]);
        }
        return function->call(scope.context, std::span(values, arguments.size()));
    }
};

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

struct Template::Segment {
    std::variant<std::string, ValuePath, Call> part;

    Value evaluate(const Scope& scope) const {
        if (const auto* path = std::get_if<ValuePath>(&part)) return path->read(scope.slots);
        if (const auto* call = std::get_if<Call>(&part)) return call->evaluate(scope);
        return Value(std::get<std::string>(part));
    }

    void append(std::string& out, const Scope& scope) const {
        if (const auto* literal = std::get_if<std::string>(&part)) {
            out += *literal;
            return;
        }
        if (const auto* path = std::get_if<ValuePath>(&part)) {
            if (const Value* found = path->find(scope.slots)) return found->append_text(out);
        }
        evaluate(scope).append_text(out);
    }
};

namespace {

/// Reads the inside of one `{{ … }}`.
class Inside {
  public:
    Inside(std::string_view text, SlotTable& slots, const FunctionTable& functions)
        : text_(text), slots_(slots), functions_(functions) {}

    bool is_call() const { return text_.starts_with('$') && text_.find('(') != std::string_view::npos; }

    Result<Call> call() {
        const auto open = text_.find('(');
        if (text_.back() != ')')
            return Error{ErrorCode::kSyntax, "found no ')' at the end of a function call"};
        const std::string_view name = trim(text_.substr(0, open));
        Call call;
        rest_ = trim(text_.substr(open + 1, text_.size() - open - 2));
        while (!rest_.empty()) {
            auto argument = next_argument();
            if (!argument) return std::move(argument).error();
            call.arguments.push_back(std::move(*argument));
            if (call.arguments.size() > kMostArguments) break;
        }
        auto function = find_function(functions_, name, call.arguments.size());
        if (!function) return std::move(function).error();
        call.function = *function;
        return call;
    }

  private:
    Result<std::variant<Value, ValuePath>> next_argument() {
        std::string_view word;
        if (rest_.front() == '"' || rest_.front() == '\'') {
            const auto end = rest_.find(rest_.front(), 1);
            if (end == std::string_view::npos)
                return Error{ErrorCode::kSyntax, "found a text without its end"};
            word = rest_.substr(1, end - 1);
            rest_ = trim(rest_.substr(end + 1));
            if (auto comma = skip_comma(); !comma) return std::move(comma).error();
            return std::variant<Value, ValuePath>(Value(word));
        }
        const auto comma = rest_.find(',');
        word = trim(rest_.substr(0, comma));
        rest_ = comma == std::string_view::npos ? std::string_view() : trim(rest_.substr(comma + 1));
        if (word.empty()) return Error{ErrorCode::kSyntax, "found an empty argument"};
        double number = 0;
        const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), number);
        if (fault == std::errc() && end == word.data() + word.size())
            return std::variant<Value, ValuePath>(Value(number));
        if (word == "true" || word == "false") return std::variant<Value, ValuePath>(Value(word == "true"));
        if (word == "null") return std::variant<Value, ValuePath>(Value::null());
        auto path = parse_path(word, slots_);
        if (!path) return std::move(path).error();
        return std::variant<Value, ValuePath>(std::move(*path));
    }

    Result<void> skip_comma() {
        if (rest_.empty()) return {};
        if (rest_.front() != ',') {
            return Error{ErrorCode::kSyntax, "found '" + std::string(1, rest_.front()) +
                                                 "' behind an argument, expected ',' or ')'"};
        }
        rest_ = trim(rest_.substr(1));
        if (rest_.empty()) return Error{ErrorCode::kSyntax, "found an empty argument"};
        return {};
    }

    std::string_view text_;
    std::string_view rest_;
    SlotTable& slots_;
    const FunctionTable& functions_;
};

void note(std::vector<Slot>& reads, Slot slot) {
    if (std::find(reads.begin(), reads.end(), slot) == reads.end()) reads.push_back(slot);
}

/// What Artillery takes for the inside of a template; anything else in braces is text.
bool may_be_inside(std::string_view inside) {
    return std::all_of(inside.begin(), inside.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x80 || std::isalnum(byte) != 0 ||
               std::string_view(" \t\r\n$_.[]'\"-(),+/:=*@#").find(c) != std::string_view::npos;
    });
}

Error at(std::size_t offset, Error error) {
    return with_context("character " + std::to_string(offset + 1) + ": ", std::move(error));
}

}  // namespace

Template Template::literal(std::string text) {
    Template made;
    if (!text.empty()) made.segments_.push_back(std::make_shared<const Segment>(Segment{std::move(text)}));
    return made;
}

Result<Template> Template::compile(std::string_view text, SlotTable& slots, const FunctionTable& functions) {
    Template made;
    std::string pending;
    const auto flush = [&made, &pending] {
        if (!pending.empty())
            made.segments_.push_back(std::make_shared<const Segment>(Segment{std::move(pending)}));
        pending.clear();
    };
    std::size_t position = 0;
    while (position < text.size()) {
        const auto open = text.find("{{", position);
        pending += text.substr(position, open - position);
        if (open == std::string_view::npos) break;
        const std::size_t braces = text.substr(open, 3) == "{{{" ? 3 : 2;
        const auto close = text.find("}}", open + braces);
        const std::string_view raw = close == std::string_view::npos
                                         ? std::string_view()
                                         : text.substr(open + braces, close - open - braces);
        const std::string_view inside = trim(raw);
        if (inside.empty() || !may_be_inside(inside)) {
            pending += text.substr(open, braces);
            position = open + braces;
            continue;
        }
        position = close + 2 + (braces == 3 && text.substr(close, 3) == "}}}" ? 1 : 0);
        flush();
        Inside reader(inside, slots, functions);
        if (reader.is_call()) {
            auto call = reader.call();
            if (!call) return at(open, std::move(call).error());
            for (const auto& argument : call->arguments) {
                if (const auto* path = std::get_if<ValuePath>(&argument)) note(made.reads_, path->head);
            }
            made.segments_.push_back(std::make_shared<const Segment>(Segment{std::move(*call)}));
        } else {
            auto path = parse_path(inside, slots);
            if (!path) return at(open, std::move(path).error());
            note(made.reads_, path->head);
            made.segments_.push_back(std::make_shared<const Segment>(Segment{std::move(*path)}));
        }
    }
    flush();
    return made;
}

bool Template::is_constant() const {
    return segments_.empty() ||
           (segments_.size() == 1 && std::holds_alternative<std::string>(segments_.front()->part));
}

const std::string& Template::constant() const {
    static const std::string kEmpty;
    return segments_.empty() ? kEmpty : std::get<std::string>(segments_.front()->part);
}

void Template::append(std::string& out, const Scope& scope) const {
    for (const auto& segment : segments_) segment->append(out, scope);
}

std::string Template::render(const Scope& scope) const {
    std::string text;
    append(text, scope);
    return text;
}

Value Template::evaluate(const Scope& scope) const {
    if (segments_.size() == 1) return segments_.front()->evaluate(scope);
    return Value(render(scope));
}

// -- Trees

struct ValueTemplate::Node {
    using Elements = std::vector<ValueTemplate>;
    using Members = std::vector<ValueTemplate::Member>;
    std::variant<Value, Template, Elements, Members> content;
};

ValueTemplate ValueTemplate::scalar(Value value) {
    ValueTemplate made;
    made.node_ = std::make_shared<const Node>(Node{std::move(value)});
    return made;
}

ValueTemplate ValueTemplate::text(Template text) {
    if (text.is_constant()) return scalar(Value(text.constant()));
    ValueTemplate made;
    made.node_ = std::make_shared<const Node>(Node{std::move(text)});
    return made;
}

ValueTemplate ValueTemplate::array(std::vector<ValueTemplate> elements) {
    ValueTemplate made;
    made.node_ = std::make_shared<const Node>(Node{std::move(elements)});
    return made;
}

ValueTemplate ValueTemplate::object(std::vector<Member> members) {
    ValueTemplate made;
    made.node_ = std::make_shared<const Node>(Node{std::move(members)});
    return made;
}

bool ValueTemplate::is_constant() const {
    if (!node_ || std::holds_alternative<Value>(node_->content)) return true;
    if (const auto* elements = std::get_if<Node::Elements>(&node_->content)) {
        return std::all_of(elements->begin(), elements->end(),
                           [](const auto& one) { return one.is_constant(); });
    }
    if (const auto* members = std::get_if<Node::Members>(&node_->content)) {
        return std::all_of(members->begin(), members->end(), [](const auto& one) {
            return one.first.is_constant() && one.second.is_constant();
        });
    }
    return false;
}

Value ValueTemplate::evaluate(const Scope& scope) const {
    if (!node_) return Value::null();
    if (const auto* value = std::get_if<Value>(&node_->content)) return *value;
    if (const auto* text = std::get_if<Template>(&node_->content)) return text->evaluate(scope);
    if (const auto* elements = std::get_if<Node::Elements>(&node_->content)) {
        Value::Array values;
        values.reserve(elements->size());
        for (const ValueTemplate& element : *elements) values.push_back(element.evaluate(scope));
        return Value(std::move(values));
    }
    Value::Object members;
    for (const auto& [name, value] : std::get<Node::Members>(node_->content)) {
        members.emplace_back(name.render(scope), value.evaluate(scope));
    }
    return Value(std::move(members));
}

void ValueTemplate::append_json(std::string& out, const Scope& scope) const {
    if (!node_) {
        out += "null";
        return;
    }
    if (const auto* elements = std::get_if<Node::Elements>(&node_->content)) {
        char separator = '[';
        for (const ValueTemplate& element : *elements) {
            out += std::exchange(separator, ',');
            element.append_json(out, scope);
        }
        out += elements->empty() ? "[]" : "]";
        return;
    }
    const auto* members = std::get_if<Node::Members>(&node_->content);
    if (members == nullptr) return evaluate(scope).append_json(out);
    char separator = '{';
    for (const auto& [name, value] : *members) {
        const bool may_be_missing = value.node_ && std::holds_alternative<Template>(value.node_->content);
        if (may_be_missing && value.evaluate(scope).is_undefined()) continue;
        out += std::exchange(separator, ',');
        append_json_string(out, name.is_constant() ? name.constant() : name.render(scope));
        out += ':';
        value.append_json(out, scope);
    }
    out += separator == '{' ? "{}" : "}";
}

void ValueTemplate::add_reads(std::vector<Slot>& slots) const {
    if (!node_) return;
    const auto add = [&slots](const Template& text) {
        for (const Slot slot : text.reads()) note(slots, slot);
    };
    if (const auto* text = std::get_if<Template>(&node_->content)) add(*text);
    if (const auto* elements = std::get_if<Node::Elements>(&node_->content)) {
        for (const ValueTemplate& element : *elements) element.add_reads(slots);
    }
    if (const auto* members = std::get_if<Node::Members>(&node_->content)) {
        for (const auto& [name, value] : *members) {
            add(name);
            value.add_reads(slots);
        }
    }
}

}  // namespace loadgen::text
