#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "common/base/encoding.hpp"
#include "common/text/detail/json/javascript_number.hpp"
#include "common/text/detail/yaml/yaml_raw.hpp"

namespace loadgen::text {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

std::string_view without_sign(std::string_view text) {
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    return text;
}

std::size_t count_digits(std::string_view text) {
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

/// YAML 1.2 section 10.3.2: [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_decimal(std::string_view text) {
    text = without_sign(text);
    const std::size_t whole = count_digits(text);
    text.remove_prefix(whole);
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        const std::size_t fraction = count_digits(text);
        if (whole + fraction == 0) return false;
        text.remove_prefix(fraction);
    } else if (whole == 0) {
        return false;
    }
    if (text.empty()) return true;
    if (text.front() != 'e' && text.front() != 'E') return false;
    text = without_sign(text.substr(1));
    return !text.empty() && count_digits(text) == text.size();
}

/// Digits of base 8 or 16 after their prefix; too many of them lose precision, as a number does.
std::optional<double> based(std::string_view digits, int base) {
    if (digits.empty()) return std::nullopt;
    double value = 0;
    for (const char c : digits) {
        const int digit = hex_value(c);
        if (digit < 0 || digit >= base) return std::nullopt;
        value = value * base + digit;
    }
    return value;
}

std::optional<double> number_of(std::string_view text) {
    if (is_decimal(text)) return javascript_number(text);
    if (text.starts_with("0o")) return based(text.substr(2), 8);
    if (text.starts_with("0x")) return based(text.substr(2), 16);
    if (is_one_of(without_sign(text), {".inf", ".Inf", ".INF"})) {
        const double infinity = std::numeric_limits<double>::infinity();
        return text.starts_with('-') ? -infinity : infinity;
    }
    if (is_one_of(text, {".nan", ".NaN", ".NAN"})) return std::numeric_limits<double>::quiet_NaN();
    return std::nullopt;
}

/// Parts of digits between separators, each at least `shortest` long: 12:30:45, 2001-12-14.
bool is_digits_between(std::string_view text, char separator, std::size_t parts_least) {
    std::size_t parts = 0;
    while (true) {
        const std::size_t digits = count_digits(text);
        if (digits == 0) return false;
        ++parts;
        text.remove_prefix(digits);
        if (text.empty()) return parts >= parts_least;
        if (text.front() != separator) return false;
        text.remove_prefix(1);
    }
}

bool is_base_60(std::string_view text) {
    text = without_sign(text);
    const auto dot = text.find('.');
    if (dot != std::string_view::npos) {
        const std::string_view fraction = text.substr(dot + 1);
        if (count_digits(fraction) != fraction.size()) return false;
        text = text.substr(0, dot);
    }
    if (!is_digits_between(text, ':', 2)) return false;
    // The parts after the first are from 0 to 59.
    for (auto colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':', colon + 1)) {
        const std::string_view part = text.substr(colon + 1, text.find(':', colon + 1) - colon - 1);
        if (part.size() > 2 || (part.size() == 2 && part.front() > '5')) return false;
    }
    return true;
}

bool is_date(std::string_view text) {
    if (text.size() < 8 || !is_digits_between(text.substr(0, text.find_first_of("Tt \t")), '-', 3))
        return false;
    return text[4] == '-' && count_digits(text) == 4;
}

bool is_number_without_underscores(std::string_view text) {
    if (text.find('_') == std::string_view::npos || text.front() == '_') return false;
    std::string bare(text);
    std::erase(bare, '_');
    return number_of(bare).has_value();
}

}  // namespace

std::string yaml_1_1_difference(std::string_view scalar) {
    std::string lower(scalar.substr(0, 4));
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    // y and n are in the specification, too, but no reader in use takes them for booleans.
    if (scalar.size() <= 3 && is_one_of(lower, {"yes", "no", "on", "off"})) {
        return "is a text here, but a boolean in YAML 1.1: write true or false, or put it in quotes";
    }
    const std::string_view digits = without_sign(scalar);
    if (digits.size() > 1 && digits.front() == '0' && count_digits(digits) == digits.size()) {
        const bool octal = digits.find_first_of("89") == std::string_view::npos;
        return std::string("is a decimal number here, but ") + (octal ? "octal" : "a text") +
               " in YAML 1.1: leave the zeros out, or put it in quotes";
    }
    const std::string number = "is a text here, but a number in YAML 1.1: ";
    if (is_number_without_underscores(scalar)) return number + "leave the _ out, or put it in quotes";
    if (is_base_60(scalar)) return number + "put it in quotes";
    if (digits.starts_with("0b") && digits.size() > 2 &&
        digits.find_first_not_of("01", 2) == std::string_view::npos) {
        return number + "write it in decimal, or put it in quotes";
    }
    if (scalar.starts_with("0o") && number_of(scalar)) {
        return "is an octal number here, but a text in YAML 1.1: write it in decimal, or put it in quotes";
    }
    if (is_date(scalar)) return "is a text here, but a date in YAML 1.1: put it in quotes";
    return {};
}

Value to_value(const YamlNode& node) {
    switch (node.kind) {
        case YamlNode::Kind::kNull:
            return Value::null();
        case YamlNode::Kind::kSequence: {
            Value::Array elements;
            elements.reserve(node.items.size());
            for (const YamlNode& item : node.items) elements.push_back(to_value(item));
            return Value(std::move(elements));
        }
        case YamlNode::Kind::kMap: {
            Value::Object members;
            members.reserve(node.members.size());
            for (const YamlMember& member : node.members) {
                members.emplace_back(member.key, to_value(member.value));
            }
            return Value(std::move(members));
        }
        case YamlNode::Kind::kScalar:
            break;
    }
    if (!node.plain) return Value(node.scalar);
    if (is_one_of(node.scalar, {"true", "True", "TRUE"})) return Value(true);
    if (is_one_of(node.scalar, {"false", "False", "FALSE"})) return Value(false);
    if (const auto number = number_of(node.scalar)) return Value(*number);
    if (is_one_of(node.scalar, {"", "~", "null", "Null", "NULL"})) return Value::null();
    return Value(node.scalar);
}

}  // namespace loadgen::text
