#include "checks/ensure/ensure.hpp"

#include <algorithm>
#include <cctype>

#include "common/text/expression.hpp"

namespace loadgen::checks {
namespace {

bool is_name_character(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return std::isalnum(byte) != 0 || c == '_' || c == '.' || c == '$' || byte >= 0x80;
}

/// The longest metric name that stands at `at` and ends where a name may end.
const std::string* metric_at(std::string_view text, std::size_t at,
                             const std::map<std::string, double>& metrics) {
    const std::string* longest = nullptr;
    for (const auto& [name, value] : metrics) {
        if (name.empty() || !text.substr(at).starts_with(name)) continue;
        const std::size_t end = at + name.size();
        if (end < text.size() && is_name_character(text[end])) continue;
        if (longest == nullptr || name.size() > longest->size()) longest = &name;
    }
    return longest;
}

void append_quoted(std::string& out, std::string_view name) {
    out += '\'';
    for (const char c : name) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    out += '\'';
}

/// The name in the expression that begins with `head`, as it was written.
std::string whole_name(std::string_view expression, const std::string& head) {
    const auto begin = expression.find(head);
    if (begin == std::string_view::npos) return head;
    std::size_t end = begin;
    while (end < expression.size() && is_name_character(expression[end])) ++end;
    return std::string(expression.substr(begin, end - begin));
}

const text::FunctionTable& no_functions() {
    static const text::FunctionTable kNone({});
    return kNone;
}

std::string figures(const std::vector<std::string>& names, const std::map<std::string, double>& metrics) {
    std::string text;
    for (const std::string& name : names) {
        if (!text.empty()) text += ", ";
        text += name + " = " + text::Value(metrics.at(name)).to_text();
    }
    return text;
}

CheckResult judge_limit(const plan::Check& check, const std::map<std::string, double>& metrics) {
    const auto found = metrics.find(check.metric);
    if (found == metrics.end()) return {&check, Verdict::kNoData, "the run did not measure " + check.metric};
    return {&check, found->second < check.below ? Verdict::kPass : Verdict::kFail,
            figures({check.metric}, metrics)};
}

CheckResult judge_expression(const plan::Check& check, const std::map<std::string, double>& metrics) {
    text::SlotTable slots;
    std::vector<text::Value> values;
    for (const auto& [name, value] : metrics) {
        slots.slot_of(name);
        values.emplace_back(value);
    }
    std::vector<std::string> used;
    const std::string quoted = quote_metrics(check.expression, metrics, used);
    const auto expression = text::Expression::compile(quoted, slots, no_functions());
    if (!expression) return {&check, Verdict::kFail, expression.error().message};
    for (const text::Slot slot : expression->reads()) {
        if (slot >= values.size())
            return {&check, Verdict::kNoData,
                    "the run did not measure " + whole_name(check.expression, slots.name(slot))};
    }
    Random random(0);
    text::CallContext context{random};
    const bool holds = expression->evaluate({values, context}).truthy();
    return {&check, holds ? Verdict::kPass : Verdict::kFail, figures(used, metrics)};
}

}  // namespace

std::string quote_metrics(std::string_view expression, const std::map<std::string, double>& metrics,
                          std::vector<std::string>& used) {
    std::string out;
    for (std::size_t at = 0; at < expression.size();) {
        const char c = expression[at];
        if (c == '"' || c == '\'') {
            const auto end = expression.find(c, at + 1);
            const std::size_t length = end == std::string_view::npos ? expression.size() - at : end - at + 1;
            out += expression.substr(at, length);
            at += length;
            continue;
        }
        if (const std::string* name = metric_at(expression, at, metrics)) {
            append_quoted(out, *name);
            if (std::find(used.begin(), used.end(), *name) == used.end()) used.push_back(*name);
            at += name->size();
            continue;
        }
        // A whole word is stepped over, so that no name is found inside of it.
        do {
            out += expression[at++];
        } while (at < expression.size() && is_name_character(c) && is_name_character(expression[at]));
    }
    return out;
}

std::vector<CheckResult> judge(const std::vector<plan::Check>& checks,
                               const std::map<std::string, double>& metrics) {
    std::vector<CheckResult> results;
    results.reserve(checks.size());
    for (const plan::Check& check : checks) {
        results.push_back(check.metric.empty() ? judge_expression(check, metrics)
                                               : judge_limit(check, metrics));
    }
    return results;
}

}  // namespace loadgen::checks
