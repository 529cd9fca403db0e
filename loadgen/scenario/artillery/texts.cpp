#include "loadgen/scenario/artillery/texts.hpp"

#include <algorithm>
#include <utility>

#include "common/text/needed_reads.hpp"
#include "loadgen/scenario/artillery/scalars.hpp"

namespace loadgen::scenario::artillery {
namespace {

bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
           (static_cast<unsigned char>(c) & 0x80U) != 0;
}

bool is_name_char(char c) {
    return is_name_start(c) || (c >= '0' && c <= '9') || c == '-';
}

/// The parts of a path as lodash reads it, or nothing when it is none.
std::optional<std::vector<std::string>> path_parts(std::string_view path) {
    std::vector<std::string> parts;
    std::size_t at = 0;
    while (at < path.size()) {
        if (path[at] == '[') {
            const char quote = at + 1 < path.size() ? path[at + 1] : '\0';
            const bool in_quotes = quote == '"' || quote == '\'';
            const std::size_t begin = at + (in_quotes ? 2 : 1);
            const std::size_t end = in_quotes ? path.find(quote, begin) : path.find(']', begin);
            const std::size_t close = in_quotes && end != path.npos ? end + 1 : end;
            if (end == path.npos || close >= path.size() || path[close] != ']' || end == begin)
                return std::nullopt;
            parts.emplace_back(path.substr(begin, end - begin));
            at = close + 1;
            continue;
        }
        if (!parts.empty()) {
            if (path[at] != '.') return std::nullopt;
            ++at;
        }
        const std::size_t begin = at;
        while (at < path.size() && is_name_char(path[at])) ++at;
        if (at == begin) return std::nullopt;
        parts.emplace_back(path.substr(begin, at - begin));
    }
    if (parts.empty() || !is_name_start(parts[0][0])) return std::nullopt;
    return parts;
}

void note_environment(Compilation& compilation, const Spot& scalar, std::string_view text) {
    for (const std::string& name : unset_environment(compilation.options, text))
        compilation.findings.warning(
            scalar, "the environment variable " + shown(name) + " is not set, so this reads as undefined");
}

/// `text` is the scalar's own, or was made from it.
void note_lost_brace(Compilation& compilation, const Spot& scalar, std::string_view text, std::size_t brace) {
    if (brace == 0) return;
    const bool own = scalar->is_scalar() && text == scalar->scalar && text.find('\n') == text.npos;
    compilation.findings.warning(
        own ? compilation.findings.inside(*scalar, brace) : scalar.place(), scalar.path,
        "a third brace ends this template, as in Artillery, and is missing from the text; a blank between }} "
        "and } keeps it");
}

bool contains(const std::vector<text::Slot>& slots, text::Slot slot) {
    return std::find(slots.begin(), slots.end(), slot) != slots.end();
}

void note_reads(Compilation& compilation, const Spot& spot, const text::Template& compiled,
                std::string_view text) {
    if (compiled.reads().empty()) return;
    const auto needed = text::needed_by_template(text, compilation.plan.slots, compilation.functions);
    for (const text::Slot slot : compiled.reads())
        compilation.variables.read({.slot = slot, .spot = spot, .tolerant = !contains(needed, slot)});
}

/// What it says when all its variables are missing; nothing when that depends on more.
std::optional<bool> truth_without_variables(const text::Expression& expression) {
    // A function's answer may differ from call to call; two random streams that agree are good enough for a
    // warning.
    Random one(1, 1);
    Random other(2, 7);
    text::CallContext context{one};
    text::CallContext second{other};
    const bool first = expression.evaluate({{}, context}).truthy();
    return first == expression.evaluate({{}, second}).truthy() ? std::optional(first) : std::nullopt;
}

/// Words and what stands between them, and nothing that calculates.
bool is_prose(std::string_view text) {
    return !text.empty() && is_name_start(text[0]) &&
           text.find_first_of("\"'()[]{}+*/%^=<>~\\\n") == text.npos;
}

/// Texts and quoted names do not count.
bool has_lone_equals(std::string_view text) {
    char quote = '\0';
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (quote != '\0') {
            if (c == '\\') ++at;
            if (c == quote) quote = '\0';
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '=' && at > 0) {
            const bool longer = (at + 1 < text.size() && text[at + 1] == '=') ||
                                std::string_view("!<>~=").find(text[at - 1]) != std::string_view::npos;
            if (!longer) return true;
        }
    }
    return false;
}

}  // namespace

std::string text_hint(std::string_view text) {
    return "; a text needs quotes of its own: '\"" + std::string(text.substr(0, 60)) + "\"'";
}

text::Template compile_key(Compilation& compilation, const Spot& member, const std::string& key) {
    if (!has_template(key)) return text::Template::literal(key);
    Result<text::Template> compiled =
        text::Template::compile(key, compilation.plan.slots, compilation.functions);
    if (!compiled) {
        compilation.findings.error(member.key_place, member.path, compiled.error().message);
        return {};
    }
    note_reads(compilation, member, *compiled, key);
    return std::move(*compiled);
}

text::Template compile_text(Compilation& compilation, const Spot& scalar, std::string_view text) {
    Result<text::Template> compiled =
        text::Template::compile(text, compilation.plan.slots, compilation.functions);
    if (!compiled) {
        compilation.findings.error_inside(scalar, compiled.error());
        return {};
    }
    note_reads(compilation, scalar, *compiled, text);
    if (compiled->is_constant() && has_template(text))
        compilation.findings.warning(scalar, "has {{ that begins no template, so it stays as it is");
    note_lost_brace(compilation, scalar, text, compiled->lost_brace());
    note_environment(compilation, scalar, text);
    return std::move(*compiled);
}

text::Template compile_text(Compilation& compilation, const Spot& scalar) {
    if (!scalar || !scalar->is_scalar()) return {};
    return compile_text(compilation, scalar, scalar->scalar);
}

text::ValueTemplate compile_value(Compilation& compilation, const Spot& spot) {
    if (!spot) return {};
    switch (spot->kind) {
        case Node::Kind::kNull:
            break;
        case Node::Kind::kScalar: {
            text::Value value = scalar_value(*spot);
            if (!value.is_string()) return text::ValueTemplate::scalar(std::move(value));
            return text::ValueTemplate::text(compile_text(compilation, spot));
        }
        case Node::Kind::kSequence: {
            std::vector<text::ValueTemplate> elements;
            for (std::size_t i = 0; i < spot->items.size(); ++i)
                elements.push_back(compile_value(compilation, spot.item(i)));
            return text::ValueTemplate::array(std::move(elements));
        }
        case Node::Kind::kMap: {
            std::vector<text::ValueTemplate::Member> members;
            for (std::size_t i = 0; i < spot->members.size(); ++i) {
                const Spot member = spot.member_at(i);
                text::Template key = compile_key(compilation, member, spot->members[i].key);
                members.emplace_back(std::move(key), compile_value(compilation, member));
            }
            return text::ValueTemplate::object(std::move(members));
        }
    }
    return {};
}

std::optional<text::Expression> compile_expression(Compilation& compilation, const Spot& scalar,
                                                   ExpressionPlace place) {
    if (!scalar || !scalar->is_scalar()) return std::nullopt;
    const std::string& text = scalar->scalar;
    Result<text::Expression> compiled =
        text::Expression::compile(text, compilation.plan.slots, compilation.functions);
    const bool assigned = place == ExpressionPlace::kAssignment;
    if (!compiled) {
        Error error = std::move(compiled).error();
        if (assigned && is_prose(text)) error.message += text_hint(text);
        if (has_template(*scalar)) error.message += "; variables of expressions stand without {{ }}";
        if (has_lone_equals(text)) error.message += "; values are compared with ==";
        compilation.findings.error_inside(scalar, error);
        return std::nullopt;
    }
    const auto needed = text::needed_by_expression(text, compilation.plan.slots, compilation.functions);
    const bool alone = !assigned && compiled->reads().size() == 1;
    for (const text::Slot slot : compiled->reads())
        compilation.variables.read(
            {.slot = slot,
             .spot = scalar,
             .tolerant = place == ExpressionPlace::kCondition || !contains(needed, slot),
             .word = assigned && compilation.plan.slots.name(slot) == text,
             .without = alone ? truth_without_variables(*compiled) : std::nullopt});
    return std::move(*compiled);
}

std::optional<plan::Condition> compile_condition(Compilation& compilation, const Spot& scalar,
                                                 ExpressionPlace place) {
    if (!scalar || !scalar->is_scalar()) return std::nullopt;
    const auto& exports = compilation.exports;
    if (exports && std::find(exports->begin(), exports->end(), scalar->scalar) != exports->end()) {
        const auto function = compile_function(compilation, scalar);
        return function ? std::optional<plan::Condition>(*function) : std::nullopt;
    }
    auto expression = compile_expression(compilation, scalar, place);
    return expression ? std::optional<plan::Condition>(std::move(*expression)) : std::nullopt;
}

std::optional<plan::FunctionIndex> compile_function(Compilation& compilation, const Spot& scalar) {
    if (!scalar || !scalar->is_scalar()) return std::nullopt;
    const std::string& name = scalar->scalar;
    if (has_template(name)) {
        compilation.findings.error(scalar, "the name of a function may not be a template");
        return std::nullopt;
    }
    if (compilation.plan.processor.empty()) {
        compilation.findings.error(
            scalar, "there is no function " + shown(name) + ", for config.processor names no module");
        return std::nullopt;
    }
    if (const auto& exports = compilation.exports;
        exports && std::find(exports->begin(), exports->end(), name) == exports->end()) {
        const std::string_view meant = nearest(name, {exports->begin(), exports->end()});
        std::string message = "the processor has no function " + shown(name);
        if (!meant.empty()) message += "; did you mean \"" + std::string(meant) + "\"?";
        compilation.findings.error(scalar, message);
        return std::nullopt;
    }
    std::vector<std::string>& functions = compilation.plan.functions;
    const auto [number, is_new] =
        compilation.function_numbers.emplace(name, static_cast<plan::FunctionIndex>(functions.size()));
    if (is_new) functions.push_back(name);
    return number->second;
}

std::vector<plan::FunctionIndex> compile_hooks(Compilation& compilation, const Spot& hook) {
    std::vector<plan::FunctionIndex> functions;
    if (!hook) return functions;
    const std::size_t count = hook->is_list() ? hook->items.size() : 1;
    for (std::size_t i = 0; i < count; ++i)
        if (const auto function = compile_function(compilation, hook->is_list() ? hook.item(i) : hook))
            functions.push_back(*function);
    return functions;
}

std::optional<plan::Target> compile_target(Compilation& compilation, const Spot& spot, std::string_view name,
                                           bool capture) {
    auto parts = path_parts(name);
    if (!parts) {
        compilation.findings.error(
            spot,
            "found " + shown(name) + ", expected the name of a variable, such as token or user.address[0]");
        return std::nullopt;
    }
    plan::Target target;
    target.slot = compilation.plan.slots.slot_of((*parts)[0]);
    target.members.assign(parts->begin() + 1, parts->end());
    compilation.variables.write(target.slot, spot, capture);
    return target;
}

std::optional<bool> constant_truth(const plan::Condition& condition) {
    const auto* expression = std::get_if<text::Expression>(&condition);
    if (expression == nullptr || !expression->reads().empty()) return std::nullopt;
    return truth_without_variables(*expression);
}

std::vector<std::string> unset_environment(const LoadOptions& options, std::string_view text) {
    std::vector<std::string> unset;
    for (const std::string_view prefix :
         {std::string_view("$env."), std::string_view("$processEnvironment.")}) {
        for (std::size_t at = text.find(prefix); at != text.npos; at = text.find(prefix, at + 1)) {
            std::size_t end = at + prefix.size();
            while (end < text.size() && text[end] != '-' && is_name_char(text[end])) ++end;
            std::string name(text.substr(at + prefix.size(), end - at - prefix.size()));
            const auto& variables = options.process_environment;
            const bool set = std::any_of(variables.begin(), variables.end(),
                                         [&name](const auto& variable) { return variable.first == name; });
            if (!set) unset.push_back(std::move(name));
        }
    }
    return unset;
}

}  // namespace loadgen::scenario::artillery
