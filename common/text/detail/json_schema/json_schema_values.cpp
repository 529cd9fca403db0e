#include <algorithm>
#include <cmath>

#include "common/text/detail/json/json_equal.hpp"
#include "common/text/detail/json_schema/json_schema_tree.hpp"
#include "common/text/detail/source_places.hpp"
#include "common/text/utf8.hpp"
#include "common/text/value.hpp"

namespace loadgen::text {
namespace {

constexpr std::size_t kMostListed = 10;

std::string number_text(long double number) {
    std::string out;
    Value::number(static_cast<double>(number)).append_text(out);
    return out;
}

/// The value, as long as it is short.
std::string shown(JsonValue value) {
    switch (value.kind()) {
        case JsonKind::kString:
            return quoted(value.as_string().value_or(std::string_view()));
        case JsonKind::kArray:
        case JsonKind::kObject:
            return std::string(json_kind_name(value.kind()));
        default:
            return to_value(value).to_text();
    }
}

std::uint8_t types_of(JsonValue value) {
    switch (value.kind()) {
        case JsonKind::kNull:
            return SchemaNode::kNull;
        case JsonKind::kBool:
            return SchemaNode::kBool;
        case JsonKind::kString:
            return SchemaNode::kString;
        case JsonKind::kArray:
            return SchemaNode::kArray;
        case JsonKind::kObject:
            return SchemaNode::kObject;
        case JsonKind::kNumber:
            break;
    }
    const long double number = exact_number(value).value_or(0);
    return number == std::floor(number) ? SchemaNode::kNumber | SchemaNode::kInteger : SchemaNode::kNumber;
}

std::string type_names(std::uint8_t types) {
    constexpr std::string_view kNames[] = {"null",     "a boolean", "a whole number", "a number",
                                           "a string", "an array",  "an object"};
    std::string out;
    for (std::size_t i = 0; i < std::size(kNames); ++i) {
        if ((types >> i & 1U) == 0) continue;
        if (!out.empty()) out += " or ";
        out += kNames[i];
    }
    return out;
}

/// Division leaves a little behind where the decimals of schemas have no exact double: 0.0075 and 0.0001.
bool is_multiple(long double number, long double of) {
    const bool is_whole = number == std::floor(number);
    if (is_whole && of == std::floor(of)) return std::fmod(number, of) == 0;
    if (is_whole && std::fabs(1 / of - std::round(1 / of)) < 1e-6L)
        return true;  // of 0.01, every whole number
    const long double quotient = number / of;
    constexpr long double kLargestExact = 1e15L;
    if (!std::isfinite(quotient) || std::fabs(quotient) > kLargestExact) return std::fmod(number, of) == 0;
    return std::fabs(quotient - std::round(quotient)) < 1e-9L;
}

}  // namespace

bool SchemaRun::check_kind(const SchemaNode& node, JsonValue value) {
    if (node.never) {
        report("found " + shown(value) + ", expected nothing here");
        return false;
    }
    if (node.types != 0 && (node.types & types_of(value)) == 0) {
        report("found " + shown(value) + ", expected " + type_names(node.types));
        return false;
    }
    if (node.constant && !equal(*node.constant, value)) {
        report("found " + shown(value) + ", expected " + shown(*node.constant));
        return false;
    }
    if (!node.enumeration) return true;
    const auto& allowed = *node.enumeration;
    if (std::any_of(allowed.begin(), allowed.end(), [value](JsonValue each) { return equal(each, value); }))
        return true;
    std::string message = "found " + shown(value) + ", expected one of ";
    for (std::size_t i = 0; i < std::min(allowed.size(), kMostListed); ++i) {
        message += (i == 0 ? "" : ", ") + shown(allowed[i]);
    }
    report(allowed.size() > kMostListed ? message + ", ..." : message);
    return false;
}

bool SchemaRun::check_number(const SchemaNode& node, JsonValue value) {
    const auto exact = exact_number(value);
    if (!exact) return true;
    const auto require = [&](bool holds, std::string_view what, const std::optional<long double>& bound) {
        if (!bound || holds) return true;
        report("found " + shown(value) + ", expected " + std::string(what) + " " + number_text(*bound));
        return false;
    };
    bool valid = require(node.minimum <= exact, "at least", node.minimum);
    valid &= require(!node.maximum || *exact <= *node.maximum, "at most", node.maximum);
    valid &= require(node.exclusive_minimum < exact, "more than", node.exclusive_minimum);
    valid &= require(!node.exclusive_maximum || *exact < *node.exclusive_maximum, "less than",
                     node.exclusive_maximum);
    valid &= require(!node.multiple_of || is_multiple(*exact, *node.multiple_of), "a multiple of",
                     node.multiple_of);
    return valid;
}

bool SchemaRun::check_string(const SchemaNode& node, JsonValue value) {
    const auto text = value.as_string();
    if (!text) return true;
    bool valid = true;
    if (node.min_length || node.max_length) {
        valid = check_count(utf8_length(*text), "characters", node.min_length, node.max_length);
    }
    if (node.pattern && !node.pattern->matches(*text)) {
        report("found " + shown(value) + ", expected a match of /" + node.pattern_text + "/");
        valid = false;
    }
    return valid;
}

bool SchemaRun::check_count(std::size_t count, std::string_view what, const std::optional<std::size_t>& least,
                            const std::optional<std::size_t>& most) {
    if (least && count < *least) {
        report("found " + std::to_string(count) + " " + std::string(what) + ", expected at least " +
               std::to_string(*least));
        return false;
    }
    if (most && count > *most) {
        report("found " + std::to_string(count) + " " + std::string(what) + ", expected at most " +
               std::to_string(*most));
        return false;
    }
    return true;
}

}  // namespace loadgen::text
