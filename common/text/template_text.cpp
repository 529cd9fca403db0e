#include "common/text/template_text.hpp"

#include <array>
#include <utility>
#include <variant>

#include "common/text/detail/language/function_lookup.hpp"
#include "common/text/detail/language/template_segment.hpp"

namespace loadgen::text {
namespace {

void append_segment(std::string& out, const TemplateSegment& segment, const Scope& scope) {
    if (const auto* literal = std::get_if<std::string>(&segment)) {
        out += *literal;
    } else if (const auto* path = std::get_if<ValuePath>(&segment)) {
        if (const Value* found = path->find(scope.slots)) return found->append_text(out);
        path->read(scope.slots).append_text(out);
    } else {
        std::get<TemplateCall>(segment).evaluate(scope).append_text(out);
    }
}

}  // namespace

Value TemplateCall::evaluate(const Scope& scope) const {
    std::array<Value, kMostArguments> values;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (const auto* path = std::get_if<ValuePath>(&arguments[i])) {
            values[i] = path->read(scope.slots);
        } else if (const auto* nested = std::get_if<TemplateCall>(&arguments[i])) {
            values[i] = nested->evaluate(scope);
        } else {
            values[i] = std::get<Value>(arguments[i]);
        }
    }
    return function->call(scope.context, std::span(values.data(), arguments.size()));
}

struct Template::Program {
    TemplateParts parts;
};

Template Template::literal(std::string text) {
    Template made;
    if (text.empty()) return made;
    Program program;
    program.parts.segments.emplace_back(std::move(text));
    made.program_ = std::make_shared<const Program>(std::move(program));
    return made;
}

Result<Template> Template::compile(std::string_view text, SlotTable& slots, const FunctionTable& functions) {
    auto parts = parse_template(text, slots, functions);
    if (!parts) return std::move(parts).error();
    Template made;
    if (!parts->segments.empty()) made.program_ = std::make_shared<const Program>(Program{std::move(*parts)});
    return made;
}

bool Template::is_constant() const {
    return !program_ || (program_->parts.segments.size() == 1 &&
                         std::holds_alternative<std::string>(program_->parts.segments.front()));
}

const std::string& Template::constant() const {
    static const std::string kEmpty;
    return program_ ? std::get<std::string>(program_->parts.segments.front()) : kEmpty;
}

bool Template::is_whole() const {
    return program_ && program_->parts.segments.size() == 1 && !is_constant();
}

void Template::append(std::string& out, const Scope& scope) const {
    if (!program_) return;
    for (const TemplateSegment& segment : program_->parts.segments) append_segment(out, segment, scope);
}

std::string Template::render(const Scope& scope) const {
    std::string text;
    append(text, scope);
    return text;
}

Value Template::evaluate(const Scope& scope) const {
    if (!is_whole()) return Value(render(scope));
    const TemplateSegment& only = program_->parts.segments.front();
    if (const auto* path = std::get_if<ValuePath>(&only)) return path->read(scope.slots);
    const auto& call = std::get<TemplateCall>(only);
    Value value = call.evaluate(scope);
    // Undefined is what a function gives that could not do what it was asked.
    const bool has_kind = !value.is_string() && !value.is_undefined();
    return call.function->gives_text && has_kind ? Value(value.to_text()) : value;
}

const std::vector<Slot>& Template::reads() const {
    static const std::vector<Slot> kNone;
    return program_ ? program_->parts.reads : kNone;
}

std::size_t Template::lost_brace() const {
    return program_ ? program_->parts.lost_brace : 0;
}

}  // namespace loadgen::text
