#include "loadgen/steps/requests/capture.hpp"

#include <algorithm>
#include <charconv>

#include "common/text/html_select.hpp"
#include "common/text/xml_path.hpp"

namespace loadgen::steps {
namespace {

using Kind = plan::Capture::Kind;

text::Value json_matches(const text::JsonPath& path, AnswerBody& body, bool collect, Random& random) {
    const auto root = body.json();
    if (!root || (root->kind() != text::JsonKind::kObject && root->kind() != text::JsonKind::kArray))
        return {};
    if (!path.selects_several()) {
        if (const auto only = path.first(*root)) return text::to_value(*only);
    }
    const auto found = path.select(*root);
    if (found.size() == 1 && !(collect && path.selects_several())) return text::to_value(found.front());
    if (!collect && !found.empty()) return text::to_value(found[random.below(found.size())]);
    text::Value::Array all;
    if (found.empty()) {
        all = path.values(*root);  // the length of something, perhaps
        if (all.empty()) return {};
        if (all.size() == 1 || !collect) return std::move(all[random.below(all.size())]);
    }
    for (const text::JsonValue& match : found) all.push_back(text::to_value(match));
    return text::Value(std::move(all));
}

text::Value by_json(const text::Template& expression, const std::optional<text::JsonPath>& compiled,
                    bool collect, AnswerBody& body, const Evaluation& evaluation, Random& random) {
    if (compiled) return json_matches(*compiled, body, collect, random);
    const auto path =
        text::JsonPath::compile(expression.render(evaluation.scope()), text::JsonPath::Tests::kTruth);
    return path ? json_matches(*path, body, collect, random) : text::Value();
}

std::string group_of(const text::Regex& pattern, const std::string& group, std::string_view text) {
    const auto match = pattern.search(text);
    if (!match) return {};
    std::size_t number = 0;
    if (!group.empty()) {
        const auto [end, fault] = std::from_chars(group.data(), group.data() + group.size(), number);
        const bool numeric = fault == std::errc() && end == group.data() + group.size();
        if (!numeric) number = pattern.group(group).value_or(0);
        if (number >= match->groups.size() || !match->groups[number].set) number = 0;
    }
    return std::string(match->groups[number].text);
}

text::Value by_pattern(const plan::Capture& capture, std::string_view text, const Evaluation& evaluation) {
    std::string found;
    if (capture.pattern) {
        found = group_of(*capture.pattern, capture.group, text);
    } else if (const auto pattern =
                   text::Regex::compile(capture.expression.render(evaluation.scope()), capture.flags)) {
        found = group_of(*pattern, capture.group, text);
    }
    return found.empty() ? text::Value() : text::Value(std::move(found));
}

text::Value pick(const std::vector<text::Value>& found, const plan::Capture& capture, Random& random) {
    std::size_t index = 0;
    if (found.empty()) return {};
    if (capture.pick == plan::Capture::Pick::kAt) index = capture.index;
    if (capture.pick == plan::Capture::Pick::kLast) index = found.size() - 1;
    if (capture.pick == plan::Capture::Pick::kRandom) index = random.below(found.size());
    return index < found.size() ? found[index] : text::Value();
}

/// Selectors and XPaths are compiled by the plan when they are constant, else here.
template <typename Compiled>
Result<Compiled> compiled_or(const std::optional<Compiled>& planned, const plan::Capture& capture,
                             const Evaluation& evaluation) {
    if (planned) return *planned;
    return Compiled::compile(capture.expression.render(evaluation.scope()));
}

text::Value by_selector(const plan::Capture& capture, AnswerBody& body, const Evaluation& evaluation,
                        Random& random) {
    const auto selector = compiled_or(capture.selector, capture, evaluation);
    if (!selector) return {};
    const auto found = selector->select(body.text(), capture.attribute);
    return found ? pick(*found, capture, random) : text::Value();
}

text::Value by_xpath(const plan::Capture& capture, AnswerBody& body, const Evaluation& evaluation,
                     Random& random) {
    const auto path = compiled_or(capture.xpath, capture, evaluation);
    if (!path) return {};
    const auto found = path->select(body.text());
    return found ? pick(*found, capture, random) : text::Value();
}

text::Value find(const plan::Capture& capture, AnswerBody& body, const Evaluation& evaluation,
                 Random& random) {
    switch (capture.kind) {
        case Kind::kJson:
            return by_json(capture.expression, capture.path, capture.collect, body, evaluation, random);
        case Kind::kRegexp:
            return by_pattern(capture, body.text(), evaluation);
        case Kind::kHeader: {
            std::string value = body.header(capture.expression.render(evaluation.scope()));
            return value.empty() ? text::Value() : text::Value(std::move(value));
        }
        case Kind::kXPath:
            return by_xpath(capture, body, evaluation, random);
        case Kind::kSelector:
            return by_selector(capture, body, evaluation, random);
    }
    return {};
}

bool is_empty(const text::Value& value) {
    return value.is_undefined() || (value.is_string() && value.string().empty());
}

}  // namespace

std::optional<std::string> take_captures(Stage& stage, User& user, const std::vector<plan::Capture>& captures,
                                         const std::vector<plan::Match>& matches, AnswerBody& body) {
    const Evaluation evaluation(stage, user);
    std::optional<std::string> failed;
    std::vector<text::Value>& values = stage.captured;
    values.clear();
    for (const plan::Capture& capture : captures) {
        values.push_back(find(capture, body, evaluation, user.random));
        if (!is_empty(values.back()) || !capture.strict || failed) continue;
        failed = "nothing found for " + stage.plan.slots.name(capture.target.slot) + " at " +
                 capture.expression.render(evaluation.scope());
        if (!body.fault().empty()) *failed += " (" + body.fault() + ")";
    }
    for (const plan::Match& match : matches) {
        const text::Value got = by_json(match.expression, match.path, false, body, evaluation, user.random);
        const text::Value expected = match.value.evaluate(evaluation.scope());
        if (got == expected || !match.strict || failed) continue;
        failed = match.expression.render(evaluation.scope()) + " is " + got.to_text() + ", expected " +
                 expected.to_text();
    }
    if (failed) return failed;
    for (std::size_t index = 0; index < captures.size(); ++index) {
        assign(user, captures[index].target, std::move(values[index]));
    }
    return std::nullopt;
}

void pretend_captures(Stage& stage, User& user, const std::vector<plan::Capture>& captures) {
    for (const plan::Capture& capture : captures) {
        assign(user, capture.target, text::Value("<" + stage.plan.slots.name(capture.target.slot) + ">"));
    }
}

}  // namespace loadgen::steps
