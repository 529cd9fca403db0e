#include "services/platform/field_reader.hpp"

#include <algorithm>
#include <cmath>

#include "common/text/json_writer.hpp"
#include "common/text/utf8.hpp"

namespace loadgen::services::platform {
namespace {

constexpr std::string_view kRequired = "is required";

std::string wrong_kind(std::string_view wanted, text::JsonValue found) {
    return "must be " + std::string(wanted) + ", not " + std::string(text::json_kind_name(found.kind()));
}

std::string decimal(double number) {
    std::string text;
    text::append_json_number(text, number);
    return text;
}

/// "at least 1", "at most 5", "from 1 to 5"; empty without bounds.
std::string bounds(const std::string& least, const std::string& most, bool above) {
    if (least.empty() && most.empty()) return {};
    if (most.empty()) return (above ? " above " : " of at least ") + least;
    if (least.empty()) return " of at most " + most;
    return (above ? " above " : " from ") + least + (above ? " and of at most " : " to ") + most;
}

/// Controls of ASCII and Latin-1 (U+0000 to U+001F, U+007F to U+009F).
bool is_control(std::string_view character) {
    const auto first = static_cast<unsigned char>(character.front());
    if (character.size() == 1) return first < 0x20 || first == 0x7f;
    return character.size() == 2 && first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
}

bool is_line_character(char c) {
    return c == '\n' || c == '\r' || c == '\t';
}

std::optional<std::string> check_length(std::size_t length, const TextRule& rule) {
    if (length >= rule.min && length <= rule.max) return std::nullopt;
    if (rule.min == 0) return "must have at most " + std::to_string(rule.max) + " characters";
    return "must have " + std::to_string(rule.min) + " to " + std::to_string(rule.max) + " characters";
}

std::optional<std::string> check_number(std::optional<double> number, const NumberRule& rule) {
    if (number && std::isfinite(*number) && number >= rule.min && number <= rule.max &&
        !(rule.above_min && *number == rule.min)) {
        return std::nullopt;
    }
    const NumberRule free;
    return "must be a number" + bounds(rule.min == free.min ? "" : decimal(rule.min),
                                       rule.max == free.max ? "" : decimal(rule.max), rule.above_min);
}

}  // namespace

std::optional<std::string> check_text(std::string_view text, const TextRule& rule) {
    std::size_t length = 0;
    for (std::string_view rest = text; !rest.empty(); ++length) {
        const std::size_t size = text::utf8_sequence_length(rest);
        if (size == 0) return "must be valid UTF-8";
        if (is_control(rest.substr(0, size)) && !(rule.lines && is_line_character(rest.front()))) {
            return "must not contain control characters";
        }
        rest.remove_prefix(size);
    }
    return check_length(length, rule);
}

std::optional<std::string> check_integer(std::optional<std::int64_t> number, const IntegerRule& rule) {
    if (number && *number >= rule.min && *number <= rule.max) return std::nullopt;
    const IntegerRule free;
    return "must be a whole number" + bounds(rule.min == free.min ? "" : std::to_string(rule.min),
                                             rule.max == free.max ? "" : std::to_string(rule.max), false);
}

std::optional<std::string> check_count(std::size_t count, const ListRule& rule) {
    if (count >= rule.min && count <= rule.max) return std::nullopt;
    if (rule.min == 0) return "must have at most " + std::to_string(rule.max) + " elements";
    return "must have " + std::to_string(rule.min) + " to " + std::to_string(rule.max) + " elements";
}

void FieldReader::refuse(std::string_view name, std::string message) {
    problems_.push_back({path_ + std::string(name), std::move(message)});
}

std::optional<text::JsonValue> FieldReader::find(std::string_view name) const {
    const auto member = object_ ? object_->find(name) : std::nullopt;
    if (!member || member->is_null()) return std::nullopt;
    return member;
}

std::optional<text::JsonValue> FieldReader::require(std::string_view name) {
    const auto member = find(name);
    if (!member) refuse(name, std::string(kRequired));
    return member;
}

std::optional<std::string> FieldReader::optional_string(std::string_view name, const TextRule& rule) {
    const auto member = find(name);
    if (!member) return std::nullopt;
    const auto value = member->as_string();
    auto fault = value ? check_text(*value, rule) : wrong_kind("a string", *member);
    if (!fault) return std::string(*value);
    refuse(name, std::move(*fault));
    return std::string();
}

std::string FieldReader::string(std::string_view name, const TextRule& rule) {
    if (!require(name)) return {};
    return *optional_string(name, rule);
}

std::optional<double> FieldReader::optional_number(std::string_view name, const NumberRule& rule) {
    const auto member = find(name);
    if (!member) return std::nullopt;
    const auto value = member->as_double();
    auto fault = check_number(value, rule);
    if (!fault) return value;
    refuse(name, std::move(*fault));
    return 0.0;
}

double FieldReader::number(std::string_view name, const NumberRule& rule) {
    if (!require(name)) return 0.0;
    return *optional_number(name, rule);
}

std::optional<std::int64_t> FieldReader::optional_integer(std::string_view name, const IntegerRule& rule) {
    const auto member = find(name);
    if (!member) return std::nullopt;
    const auto value = member->as_int();
    auto fault = check_integer(value, rule);
    if (!fault) return value;
    refuse(name, std::move(*fault));
    return 0;
}

std::int64_t FieldReader::integer(std::string_view name, const IntegerRule& rule) {
    if (!require(name)) return 0;
    return *optional_integer(name, rule);
}

std::optional<bool> FieldReader::optional_boolean(std::string_view name) {
    const auto member = find(name);
    if (!member) return std::nullopt;
    const auto value = member->as_bool();
    if (!value) refuse(name, wrong_kind("a boolean", *member));
    return value.value_or(false);
}

bool FieldReader::boolean(std::string_view name) {
    if (!require(name)) return false;
    return *optional_boolean(name);
}

std::optional<text::JsonValue> FieldReader::list(std::string_view name, const ListRule& rule) {
    const auto member = require(name);
    if (!member) return std::nullopt;
    auto fault = member->kind() == text::JsonKind::kArray ? check_count(member->size(), rule)
                                                          : wrong_kind("an array", *member);
    if (!fault) return member;
    refuse(name, std::move(*fault));
    return std::nullopt;
}

std::vector<std::string> FieldReader::strings(std::string_view name, const ListRule& rule,
                                              const TextRule& each) {
    const auto array = list(name, rule);
    if (!array) return {};
    std::vector<std::string> values;
    const std::size_t before = problems_.size();
    std::size_t index = 0;
    array->for_each_element([&](text::JsonValue element) {
        const auto value = element.as_string();
        auto fault = value ? check_text(*value, each) : wrong_kind("a string", element);
        if (fault) refuse(std::string(name) + '[' + std::to_string(index) + ']', std::move(*fault));
        values.emplace_back(value.value_or(std::string_view()));
        ++index;
        return true;
    });
    if (problems_.size() != before) return {};
    return values;
}

std::optional<FieldReader> FieldReader::optional_object(std::string_view name) {
    const auto member = find(name);
    if (!member) return std::nullopt;
    if (member->kind() != text::JsonKind::kObject) {
        refuse(name, wrong_kind("an object", *member));
        return std::nullopt;
    }
    return FieldReader(member, path_ + std::string(name) + '.', problems_);
}

FieldReader FieldReader::object(std::string_view name) {
    auto reader = optional_object(name);
    return reader ? std::move(*reader)
                  : FieldReader(std::nullopt, path_ + std::string(name) + '.', problems_);
}

std::vector<FieldReader> FieldReader::objects(std::string_view name, const ListRule& rule) {
    const auto array = list(name, rule);
    if (!array) return {};
    std::vector<FieldReader> readers;
    const std::size_t before = problems_.size();
    std::size_t index = 0;
    array->for_each_element([&](text::JsonValue element) {
        const std::string place = std::string(name) + '[' + std::to_string(index) + ']';
        if (element.kind() != text::JsonKind::kObject) refuse(place, wrong_kind("an object", element));
        readers.emplace_back(element, path_ + place + '.', problems_);
        ++index;
        return true;
    });
    if (problems_.size() != before) return {};
    return readers;
}

}  // namespace loadgen::services::platform
