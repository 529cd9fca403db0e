#include "loadgen/steps/requests/expect.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace loadgen::steps {
namespace {

using Kind = plan::Expectation::Kind;

// In the order of Kind.
constexpr std::array<std::string_view, static_cast<std::size_t>(Kind::kJsonSchema) + 2> kTypes{
    "statusCode",     "notStatusCode", "contentType",   "hasHeader", "headerEquals",    "hasProperty",
    "notHasProperty", "equals",        "matchesRegexp", "cdnHit",    "checkJsonSchema", kAssertType};

std::string_view type_name(Kind kind) {
    return kTypes[static_cast<std::size_t>(kind)];
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : static_cast<char>(c);
    });
    return text;
}

bool is_status(const text::Value& expected, std::uint16_t status) {
    if (expected.is_array()) {
        return std::any_of(expected.elements().begin(), expected.elements().end(),
                           [status](const text::Value& one) { return is_status(one, status); });
    }
    return expected.to_number() == static_cast<double>(status);
}

/// The parts of a path as lodash reads it: "a.b[0]['c d']".
std::vector<std::string> path_parts(std::string_view path) {
    std::vector<std::string> parts;
    std::string part;
    const auto close = [&parts, &part] {
        if (!part.empty()) parts.push_back(std::move(part));
        part.clear();
    };
    for (std::size_t at = 0; at < path.size(); ++at) {
        const char c = path[at];
        if (c == '.' || c == ']') {
            close();
        } else if (c == '[') {
            close();
            const char quote = at + 1 < path.size() ? path[at + 1] : ' ';
            if (quote != '"' && quote != '\'') continue;
            const auto end = path.find(quote, at + 2);
            if (end == std::string_view::npos) break;
            parts.emplace_back(path.substr(at + 2, end - at - 2));
            at = end;
        } else {
            part += c;
        }
    }
    close();
    return parts;
}

bool has_path(text::JsonValue at, std::string_view path) {
    const std::vector<std::string> parts = path_parts(path);
    if (parts.empty()) return false;
    for (const std::string& part : parts) {
        std::optional<text::JsonValue> next;
        std::size_t index = 0;
        const auto [end, fault] = std::from_chars(part.data(), part.data() + part.size(), index);
        if (at.kind() == text::JsonKind::kArray && fault == std::errc() && end == part.data() + part.size()) {
            next = at.at(index);
        } else {
            next = at.find(part);
        }
        if (!next) return false;
        at = *next;
    }
    return true;
}

class Checker {
  public:
    Checker(Verdict& verdict, const text::Value& operand, AnswerBody& body)
        : verdict_(verdict), operand_(operand), body_(body) {}

    void check(const plan::Expectation& expectation) {
        verdict_.type = type_name(expectation.kind);
        verdict_.expected = operand_.to_text();
        switch (expectation.kind) {
            case Kind::kStatusCode:
                return status(true);
            case Kind::kNotStatusCode:
                return status(false);
            case Kind::kContentType:
                return content_type();
            case Kind::kHasHeader:
                return has_header();
            case Kind::kHeaderEquals:
                return header_equals();
            case Kind::kHasProperty:
                return property(true);
            case Kind::kNotHasProperty:
                return property(false);
            case Kind::kEquals:
                return equals();
            case Kind::kMatchesRegexp:
                return matches(expectation);
            case Kind::kCdnHit:
                return cdn_hit();
            case Kind::kJsonSchema:
                return schema(expectation);
        }
    }

  private:
    void status(bool wanted) {
        verdict_.ok = is_status(operand_, body_.status()) == wanted;
        verdict_.got = std::to_string(body_.status());
    }

    void content_type() {
        const std::string type = body_.header("content-type");
        verdict_.got = type.empty() ? "content-type header not set" : type;
        if (operand_.to_text() != "json") {
            verdict_.ok = !type.empty() && lower(type) == lower(operand_.to_text());
            return;
        }
        const auto json = body_.json();
        const bool is_tree =
            json && (json->kind() == text::JsonKind::kObject || json->kind() == text::JsonKind::kArray);
        verdict_.ok = body_.claims_json() && is_tree;
        if (body_.claims_json() && !json) verdict_.got = "could not parse response body as JSON";
    }

    void has_header() {
        const std::string name = operand_.to_text();
        verdict_.ok = !body_.header(name).empty();
        verdict_.got = verdict_.ok ? name : "response has no " + name + " header";
    }

    void header_equals() {
        const bool pair = operand_.is_array() && operand_.elements().size() == 2;
        const std::string name = pair ? operand_.elements()[0].to_text() : operand_.to_text();
        const std::string expected = pair ? operand_.elements()[1].to_text() : "";
        const std::string got = body_.header(name);
        verdict_.expected = expected;
        verdict_.ok = !got.empty() && got == expected;
        verdict_.got = got.empty() ? "response has no " + name + " header" : got;
    }

    void property(bool wanted) {
        const std::string path = operand_.to_text();
        const auto json = body_.json();
        const bool is_tree =
            json && (json->kind() == text::JsonKind::kObject || json->kind() == text::JsonKind::kArray);
        if (!is_tree) {
            verdict_.got = "response body is not an object";
            return;
        }
        const bool has = has_path(*json, path);
        verdict_.ok = has == wanted;
        verdict_.got = std::string("response body has ") + (has ? "" : "no ") + path + " property";
    }

    void equals() {
        verdict_.expected = "all values to be equal";
        if (!operand_.is_array()) {
            verdict_.ok = true;
            verdict_.got = operand_.to_text();
            return;
        }
        verdict_.ok = !operand_.elements().empty();
        for (const text::Value& value : operand_.elements()) {
            if (!verdict_.got.empty()) verdict_.got += ", ";
            verdict_.got += value.to_text();
            if (value.to_text() != operand_.elements().front().to_text()) verdict_.ok = false;
        }
    }

    void matches(const plan::Expectation& expectation) {
        if (expectation.pattern) {
            verdict_.ok = expectation.pattern->matches(body_.text());
        } else if (const auto pattern = text::Regex::compile(operand_.to_text())) {
            verdict_.ok = pattern->matches(body_.text());
        } else {
            verdict_.got = pattern.error().message;
            return;
        }
        verdict_.got = verdict_.ok ? "it matches" : "response body does not match";
    }

    void cdn_hit() {
        constexpr std::array kFields{"cf-cache-status", "x-cache", "x-vercel-cache"};
        const bool wants_hit = operand_.truthy();
        verdict_.expected =
            wants_hit ? "a cache header indicating a cache hit" : "a cache header indicating a cache miss";
        verdict_.got = "cache status header not found";
        for (const char* field : kFields) {
            const std::string value = body_.header(field);
            if (value.empty()) continue;
            const std::string word = lower(value);
            const bool hit = word.starts_with("hit") || word.starts_with("stale");
            verdict_.ok = wants_hit ? hit : word.starts_with("miss");
            verdict_.got = std::string(field) + " is " + value;
            return;
        }
    }

    void schema(const plan::Expectation& expectation) {
        verdict_.expected = "a body that the schema allows";
        const auto json = body_.json();
        if (!json) {
            verdict_.got = "response body is not JSON";
            return;
        }
        const auto faults = expectation.schema->validate(*json, 1);
        verdict_.ok = faults.empty();
        verdict_.got = faults.empty() ? "it fits" : faults.front().path + ": " + faults.front().message;
    }

    Verdict& verdict_;
    const text::Value& operand_;
    AnswerBody& body_;
};

}  // namespace

std::span<const std::string_view> expectation_types() {
    return kTypes;
}

std::vector<Verdict> check_expectations(Stage& stage, User& user, const plan::RequestStep& step,
                                        AnswerBody& body) {
    std::vector<Verdict> verdicts;
    const Evaluation evaluation(stage, user);
    for (const plan::Expectation& expectation : step.expectations) {
        const text::Value operand = expectation.operand.evaluate(evaluation.scope());
        Checker(verdicts.emplace_back(), operand, body).check(expectation);
    }
    if (verdicts.empty() && stage.plan.expect.default_200) {
        verdicts.push_back({body.status() == 200, "statusCode", "200", std::to_string(body.status())});
    }
    for (const Verdict& verdict : verdicts)
        stage.meter.expectation(verdict.ok, verdict.type, stage.host.now());
    return verdicts;
}

}  // namespace loadgen::steps
