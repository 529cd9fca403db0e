// What a step takes out of an answer, and what it expects of it: data without behaviour.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/text/html_select.hpp"
#include "common/text/json_path.hpp"
#include "common/text/json_schema.hpp"
#include "common/text/regex.hpp"
#include "common/text/scope.hpp"
#include "common/text/template_text.hpp"
#include "common/text/xml_path.hpp"

namespace loadgen::plan {

/// Where a value goes: a variable, or a member deep inside of one ("user.address.city").
struct Target {
    text::Slot slot = 0;
    std::vector<std::string> members;
};

struct Capture {
    enum class Kind : std::uint8_t { kJson, kRegexp, kHeader, kXPath, kSelector };
    enum class Pick : std::uint8_t { kFirst, kAt, kLast, kRandom };

    Kind kind = Kind::kJson;
    text::Template expression;                   ///< path, pattern, field name, XPath or selector
    std::optional<text::JsonPath> path;          ///< compiled, when the expression is constant
    std::optional<text::Regex> pattern;          ///< compiled, when the expression is constant
    std::optional<text::HtmlSelector> selector;  ///< compiled, when the expression is constant
    std::optional<text::XmlPath> xpath;          ///< compiled, when the expression is constant
    std::string flags;                           ///< of a pattern
    std::string group;                           ///< of a pattern: number or name; empty = the whole match
    std::string attribute;                       ///< of a selector; empty = its text
    Pick pick = Pick::kFirst;                    ///< of a selector
    std::size_t index = 0;                       ///< for kAt
    bool collect = false;                        ///< JSON `multiple: false`: several matches become an array
    bool strict = true;                          ///< nothing found fails the user
    Target target;
};

/// `match`: the deprecated forerunner of expectations.
struct Match {
    text::Template expression;  ///< JSONPath
    std::optional<text::JsonPath> path;
    text::ValueTemplate value;
    bool strict = true;
};

/// One entry of `expect`.
struct Expectation {
    enum class Kind : std::uint8_t {
        kStatusCode,
        kNotStatusCode,
        kContentType,
        kHasHeader,
        kHeaderEquals,
        kHasProperty,
        kNotHasProperty,
        kEquals,
        kMatchesRegexp,
        kCdnHit,
        kJsonSchema,
    };

    Kind kind = Kind::kStatusCode;
    text::ValueTemplate operand;
    std::optional<text::Regex> pattern;      ///< compiled, when the operand is constant
    std::optional<text::JsonSchema> schema;  ///< for kJsonSchema
};

}  // namespace loadgen::plan
