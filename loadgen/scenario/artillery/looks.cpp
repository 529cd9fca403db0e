#include "loadgen/scenario/artillery/looks.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "loadgen/scenario/artillery/documents.hpp"
#include "loadgen/scenario/artillery/scalars.hpp"
#include "loadgen/scenario/artillery/schema_files.hpp"
#include "loadgen/scenario/artillery/settings.hpp"
#include "loadgen/scenario/artillery/texts.hpp"

namespace loadgen::scenario::artillery {
namespace {

using CaptureKind = plan::Capture::Kind;
using ExpectKind = plan::Expectation::Kind;

struct CaptureWord {
    std::string_view key;
    CaptureKind kind;
};
constexpr std::array kCaptureWords{
    CaptureWord{"json", CaptureKind::kJson}, CaptureWord{"xpath", CaptureKind::kXPath},
    CaptureWord{"regexp", CaptureKind::kRegexp}, CaptureWord{"header", CaptureKind::kHeader},
    CaptureWord{"selector", CaptureKind::kSelector}};

struct ExpectWord {
    std::string_view key;
    ExpectKind kind;
};
constexpr std::array kExpectWords{ExpectWord{"statusCode", ExpectKind::kStatusCode},
                                  ExpectWord{"notStatusCode", ExpectKind::kNotStatusCode},
                                  ExpectWord{"contentType", ExpectKind::kContentType},
                                  ExpectWord{"hasHeader", ExpectKind::kHasHeader},
                                  ExpectWord{"headerEquals", ExpectKind::kHeaderEquals},
                                  ExpectWord{"hasProperty", ExpectKind::kHasProperty},
                                  ExpectWord{"notHasProperty", ExpectKind::kNotHasProperty},
                                  ExpectWord{"equals", ExpectKind::kEquals},
                                  ExpectWord{"matchesRegexp", ExpectKind::kMatchesRegexp},
                                  ExpectWord{"cdnHit", ExpectKind::kCdnHit},
                                  ExpectWord{"checkJsonSchema", ExpectKind::kJsonSchema}};

/// The maps of "one or a list of them".
std::vector<Spot> entries(const Spot& spot) {
    std::vector<Spot> spots;
    if (!spot) return spots;
    if (spot->is_map()) spots.push_back(spot);
    for (std::size_t i = 0; i < spot->items.size(); ++i)
        if (spot->items[i].is_map()) spots.push_back(spot.item(i));
    return spots;
}

/// A path or selector that holds no template; what is wrong with it is noted inside of its scalar.
template <typename Compiled>
std::optional<Compiled> compile_constant(Compilation& compilation, const Spot& spot,
                                         const text::Template& text) {
    if (!text.is_constant()) return std::nullopt;
    Result<Compiled> compiled = Compiled::compile(text.constant());
    if (compiled) return std::move(*compiled);
    compilation.findings.error_inside(spot, compiled.error());
    return std::nullopt;
}

std::optional<text::JsonPath> compile_path(Compilation& compilation, const Spot& spot,
                                           const text::Template& text) {
    if (!text.is_constant()) return std::nullopt;
    Result<text::JsonPath> compiled = text::JsonPath::compile(text.constant(), text::JsonPath::Tests::kTruth);
    if (compiled) return std::move(*compiled);
    compilation.findings.error_inside(spot, compiled.error());
    return std::nullopt;
}

std::optional<text::Regex> compile_pattern(Compilation& compilation, const Spot& spot,
                                           const std::string& pattern, const std::string& flags) {
    Result<text::Regex> compiled = text::Regex::compile(pattern, flags);
    if (compiled) return std::move(*compiled);
    compilation.findings.error_inside(spot, compiled.error());
    return std::nullopt;
}

class CaptureCompiler {
  public:
    CaptureCompiler(Compilation& compilation, const Spot& spot) : compilation_(compilation), spot_(spot) {}

    std::optional<plan::Capture> compile() {
        const Spot source = find_source();
        const Spot as = spot_.member("as");
        if (!source || !as) return std::nullopt;
        capture_.expression = compile_text(compilation_, source);
        capture_.strict = read_bool(spot_.member("strict"), compilation_.strict_captures);
        capture_.collect = !read_bool(spot_.member("multiple"), true);
        capture_.attribute = read_text(spot_.member("attr"));
        read_index();
        if (capture_.kind == CaptureKind::kSelector)
            capture_.selector =
                compile_constant<text::HtmlSelector>(compilation_, source, capture_.expression);
        if (capture_.kind == CaptureKind::kXPath)
            capture_.xpath = compile_constant<text::XmlPath>(compilation_, source, capture_.expression);
        if (capture_.kind == CaptureKind::kJson)
            capture_.path = compile_path(compilation_, source, capture_.expression);
        if (capture_.kind == CaptureKind::kRegexp) read_pattern(source);
        check_companions();
        auto target = compile_target(compilation_, as, read_text(as), true);
        if (!target) return std::nullopt;
        capture_.target = std::move(*target);
        return std::move(capture_);
    }

  private:
    Compilation& compilation_;
    const Spot& spot_;
    plan::Capture capture_;

    Spot find_source() {
        Spot source;
        for (const CaptureWord& word : kCaptureWords) {
            const Spot candidate = spot_.member(word.key);
            if (!candidate) continue;
            if (source) {
                compilation_.findings.error(candidate.key_place, candidate.path,
                                            "a capture looks in one place, and this one has another already");
                continue;
            }
            source = candidate;
            capture_.kind = word.kind;
        }
        if (!source)
            compilation_.findings.error(spot_.key_place, spot_.path,
                                        "a capture needs json, regexp, header, xpath or selector");
        return source;
    }

    void read_pattern(const Spot& source) {
        capture_.flags = read_text(spot_.member("flags"));
        const Spot group = spot_.member("group");
        capture_.group = read_text(group);
        if (!capture_.expression.is_constant()) return;
        capture_.pattern =
            compile_pattern(compilation_, source, capture_.expression.constant(), capture_.flags);
        if (!capture_.pattern || !group) return;
        const auto number = whole_of(*group);
        const bool there = number ? *number <= capture_.pattern->groups()
                                  : capture_.pattern->group(capture_.group).has_value();
        if (!there) compilation_.findings.error(group, "the pattern has no group " + shown(capture_.group));
    }

    void read_index() {
        const Spot index = spot_.member("index");
        const std::string text = read_text(index, "0");
        if (text == "random") {
            capture_.pick = plan::Capture::Pick::kRandom;
        } else if (text == "last") {
            capture_.pick = plan::Capture::Pick::kLast;
        } else if (const auto number = index ? whole_of(*index) : std::optional<std::uint64_t>(0)) {
            capture_.pick = *number == 0 ? plan::Capture::Pick::kFirst : plan::Capture::Pick::kAt;
            capture_.index = static_cast<std::size_t>(*number);
        } else {
            compilation_.findings.error(
                index, "found " + shown(text) + ", expected a number from 0, last or random");
        }
    }

    void check_companions() {
        struct Companion {
            std::string_view key;
            CaptureKind kind;
            std::string_view of;
        };
        constexpr std::array kCompanions{Companion{"multiple", CaptureKind::kJson, "json"},
                                         Companion{"group", CaptureKind::kRegexp, "regexp"},
                                         Companion{"flags", CaptureKind::kRegexp, "regexp"},
                                         Companion{"attr", CaptureKind::kSelector, "selector"},
                                         Companion{"index", CaptureKind::kSelector, "selector"}};
        for (const Companion& companion : kCompanions) {
            const Spot spot = spot_.member(companion.key);
            if (spot && capture_.kind != companion.kind)
                compilation_.findings.warning(spot.key_place, spot.path,
                                              "has no effect without " + std::string(companion.of));
        }
    }
};

void finish_expectation(Compilation& compilation, const Spot& operand, plan::Expectation& expectation) {
    switch (expectation.kind) {
        case ExpectKind::kMatchesRegexp:
            if (operand->is_scalar() && !has_template(*operand))
                expectation.pattern = compile_pattern(compilation, operand, operand->scalar, "");
            break;
        case ExpectKind::kJsonSchema:
            expectation.schema = compile_schema(compilation, operand);
            break;
        case ExpectKind::kHeaderEquals:
            if (operand->is_list() && operand->items.size() != 2)
                compilation.findings.error(operand, "found " + std::to_string(operand->items.size()) +
                                                        " entries, expected a header field and its value");
            break;
        case ExpectKind::kStatusCode:
        case ExpectKind::kNotStatusCode:
            for (std::size_t i = 0; i < std::max<std::size_t>(1, operand->items.size()); ++i) {
                const Spot status = operand->is_list() && !operand->items.empty() ? operand.item(i) : operand;
                if (!status->is_scalar() || has_template(*status)) continue;
                const auto number = whole_of(*status);
                if (!number || *number < 100 || *number > 999)
                    compilation.findings.error(
                        status, "found " + shown(status->scalar) + ", expected a status such as 200");
            }
            break;
        default:
            break;
    }
}

}  // namespace

std::vector<plan::Capture> compile_captures(Compilation& compilation, const Spot& owner) {
    std::vector<plan::Capture> captures;
    for (const Spot& spot : entries(owner.member("capture")))
        if (auto capture = CaptureCompiler(compilation, spot).compile())
            captures.push_back(std::move(*capture));
    return captures;
}

std::vector<plan::Match> compile_matches(Compilation& compilation, const Spot& owner) {
    std::vector<plan::Match> matches;
    for (const Spot& spot : entries(owner.member("match"))) {
        const Spot json = spot.member("json");
        plan::Match match;
        match.expression = compile_text(compilation, json);
        if (json && json->is_scalar()) match.path = compile_path(compilation, json, match.expression);
        match.value = compile_value(compilation, spot.member("value"));
        match.strict = read_bool(spot.member("strict"), true);
        matches.push_back(std::move(match));
    }
    return matches;
}

std::vector<plan::Expectation> compile_expectations(Compilation& compilation, const Spot& owner) {
    std::vector<plan::Expectation> expectations;
    for (const Spot& entry : entries(owner.member("expect"))) {
        for (std::size_t i = 0; i < entry->members.size(); ++i) {
            const Spot operand = entry.member_at(i);
            const std::string& key = entry->members[i].key;
            if (key == "jmespath" || key == "jpath")
                compilation.findings.error(
                    operand.key_place, operand.path,
                    "is not supported; use hasProperty, matchesRegexp or checkJsonSchema, or "
                    "capture the value and assert it");
            for (const ExpectWord& word : kExpectWords) {
                if (word.key != key) continue;
                plan::Expectation expectation;
                expectation.kind = word.kind;
                if (word.kind != ExpectKind::kJsonSchema)
                    expectation.operand = compile_value(compilation, operand);
                finish_expectation(compilation, operand, expectation);
                expectations.push_back(std::move(expectation));
            }
        }
    }
    if (!expectations.empty()) compilation.uses_expect = true;
    return expectations;
}

}  // namespace loadgen::scenario::artillery
