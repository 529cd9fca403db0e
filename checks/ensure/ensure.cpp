#include "checks/ensure/ensure.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "common/text/expression.hpp"
#include "common/text/utf8.hpp"

namespace loadgen::checks {
namespace {

bool is_name_character(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return std::isalnum(byte) != 0 || c == '_' || c == '.' || c == '$' || byte >= 0x80;
}

/// The longest metric name that stands at `at` and ends where a name may end.
const std::string* metric_at(std::string_view text, std::size_t at, const MetricNames& names) {
    const std::string* longest = nullptr;
    for (const std::string& name : names) {
        if (name.empty() || !text.substr(at).starts_with(name)) continue;
        const std::size_t end = at + name.size();
        if (end < text.size() && is_name_character(text[end])) continue;
        if (longest == nullptr || name.size() > longest->size()) longest = &name;
    }
    return longest;
}

/// An expression whose metrics are put in quotes, so that they are names whatever they hold.
struct Quoted {
    std::string text;
    std::vector<std::size_t> origin;  ///< of each byte of the text: where it stands in the expression

    void append(std::string_view bytes, std::size_t from) {
        for (std::size_t at = 0; at < bytes.size(); ++at) origin.push_back(from + at);
        text += bytes;
    }

    void append_name(const std::string& name, std::size_t from) {
        std::string quoted = "'";
        for (const char c : name) {
            if (c == '\'' || c == '\\') quoted += '\\';
            quoted += c;
        }
        quoted += '\'';
        text += quoted;
        origin.resize(text.size(), from);
    }
};

Quoted quote(std::string_view expression, const MetricNames& names) {
    Quoted quoted;
    for (std::size_t at = 0; at < expression.size();) {
        const char c = expression[at];
        std::size_t length = 1;
        if (c == '"' || c == '\'') {
            const auto end = expression.find(c, at + 1);
            length = end == std::string_view::npos ? expression.size() - at : end - at + 1;
        } else if (const std::string* name = metric_at(expression, at, names)) {
            quoted.append_name(*name, at);
            at += name->size();
            continue;
        } else if (is_name_character(c)) {
            // A whole word is stepped over, so that no name is found inside of it.
            while (at + length < expression.size() && is_name_character(expression[at + length])) ++length;
        }
        quoted.append(expression.substr(at, length), at);
        at += length;
    }
    return quoted;
}

const text::FunctionTable& no_functions() {
    static const text::FunctionTable kNone({});
    return kNone;
}

/// For people: three decimals, more of what is small.
std::string rounded(double value) {
    double scale = 1000;
    while (value != 0 && std::abs(value) * scale < 100 && scale < 1e9) scale *= 10;
    const bool whole = value == std::trunc(value) || !std::isfinite(value);
    return text::Value(whole ? value : std::round(value * scale) / scale).to_text();
}

std::string figure(const std::string& name, const std::map<std::string, double>& metrics) {
    return name + " = " + rounded(metrics.at(name));
}

CheckResult judge_limit(const plan::Check& check, const std::map<std::string, double>& metrics) {
    const auto found = metrics.find(check.metric);
    if (found == metrics.end()) return {&check, Verdict::kNoData, "the run did not measure " + check.metric};
    return {&check,
            found->second < check.below ? Verdict::kPass : Verdict::kFail,
            figure(check.metric, metrics),
            {check.metric},
            0 < check.below};
}

/// "character 7: ..." about a quoted expression becomes one about the expression itself.
Error unquoted(Error error, const Quoted& quoted, std::string_view expression) {
    constexpr std::string_view kCharacter = "character ";
    std::size_t number = 0;
    const char* const end = error.message.data() + error.message.size();
    if (!error.message.starts_with(kCharacter)) return error;
    const char* const digits = error.message.data() + kCharacter.size();
    const auto parsed = std::from_chars(digits, end, number);
    std::size_t byte = 0;
    for (std::size_t character = 1; character < number && byte < quoted.text.size(); ++character) {
        const std::string_view rest = std::string_view(quoted.text).substr(byte);
        byte += std::max<std::size_t>(1, text::utf8_sequence_length(rest));
    }
    const std::size_t at = byte < quoted.origin.size() ? quoted.origin[byte] : expression.size();
    error.message.replace(kCharacter.size(), static_cast<std::size_t>(parsed.ptr - digits),
                          std::to_string(text::utf8_length(expression.substr(0, at)) + 1));
    return error;
}

Result<text::Expression> compile(const Quoted& quoted, text::SlotTable& slots) {
    return text::Expression::compile(quoted.text, slots, no_functions(), text::DottedNames::kWhole);
}

CheckResult judge_expression(const plan::Check& check, const std::map<std::string, double>& metrics) {
    MetricNames names(check.names.begin(), check.names.end());
    text::SlotTable slots;
    std::vector<text::Value> values;
    for (const auto& [name, value] : metrics) {
        names.insert(name);
        slots.slot_of(name);
        values.emplace_back(value);
    }
    const Quoted quoted = quote(check.expression, names);
    const auto expression = compile(quoted, slots);
    // It has been looked at before the run, so a name is in it that only a run can know, and this one does
    // not.
    if (!expression)
        return {&check, Verdict::kNoData,
                "the run did not measure what makes sense of it: " +
                    unquoted(expression.error(), quoted, check.expression).message};
    CheckResult result{.check = &check};
    for (const text::Slot slot : expression->reads()) {
        if (slot >= values.size())
            return {&check, Verdict::kNoData, "the run did not measure " + slots.name(slot)};
        result.detail += (result.detail.empty() ? "" : ", ") + figure(slots.name(slot), metrics);
        result.read.push_back(slots.name(slot));
    }
    Random random(0);
    text::CallContext context{random};
    if (expression->evaluate({values, context}).truthy()) result.verdict = Verdict::kPass;
    if (!check.percentage.empty()) {
        const auto share = compile(quote(check.percentage, names), slots);
        if (share)
            result.detail = rounded(share->evaluate({values, context}).to_number()) + " %: " + result.detail;
    }
    std::fill(values.begin(), values.end(), text::Value(0.0));
    result.kept_by_zeros = expression->evaluate({values, context}).truthy();
    return result;
}

}  // namespace

Result<NamesRead> read_names(std::string_view expression, const MetricNames& names) {
    const Quoted quoted = quote(expression, names);
    text::SlotTable slots;
    const auto compiled = compile(quoted, slots);
    if (!compiled) return unquoted(compiled.error(), quoted, expression);
    NamesRead read;
    for (const text::Slot slot : compiled->reads()) {
        const std::string& name = slots.name(slot);
        (names.contains(name) ? read.known : read.unknown).push_back(name);
    }
    return read;
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
