#include "common/text/detail/json/json_equal.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <utility>
#include <vector>

#include "common/text/detail/json/key_index.hpp"
#include "common/text/json_writer.hpp"

namespace loadgen::text {
namespace {

using Members = std::vector<std::pair<std::string_view, JsonValue>>;

Members members_of(JsonValue value) {
    Members members;
    members.reserve(value.size());
    value.for_each_member([&members](std::string_view name, JsonValue member) {
        members.emplace_back(name, member);
        return true;
    });
    return members;
}

std::vector<JsonValue> elements_of(JsonValue value) {
    std::vector<JsonValue> elements;
    elements.reserve(value.size());
    value.for_each_element([&elements](JsonValue element) {
        elements.push_back(element);
        return true;
    });
    return elements;
}

bool equal_objects(JsonValue a, JsonValue b, std::size_t& budget) {
    const Members left = members_of(a);
    const Members right = members_of(b);
    KeyIndex places;
    for (std::size_t i = 0; i < right.size(); ++i) places.find_or_add(right[i].first, i);
    return std::all_of(left.begin(), left.end(), [&](const auto& member) {
        const auto place = places.find(member.first);
        return place && equal(member.second, right[*place].second, budget);
    });
}

void append_exact_number(std::string& out, long double number) {
    // 21 digits tell all values of the type apart; -0 is 0.
    std::array<char, 48> text{};
    const int length = std::snprintf(text.data(), text.size(), "%.21Lg", number == 0 ? 0.0L : number);
    out.append(text.data(), static_cast<std::size_t>(length));
}

}  // namespace

std::optional<long double> exact_number(JsonValue value) {
    if (const auto number = value.as_int()) return static_cast<long double>(*number);
    if (const auto number = value.as_uint()) return static_cast<long double>(*number);
    if (const auto number = value.as_double()) return static_cast<long double>(*number);
    return std::nullopt;
}

bool equal(JsonValue a, JsonValue b) {
    std::size_t budget = std::numeric_limits<std::size_t>::max();
    return equal(a, b, budget);
}

bool equal(JsonValue a, JsonValue b, std::size_t& budget) {
    if (budget == 0) return false;
    --budget;
    if (a.kind() != b.kind()) return false;
    switch (a.kind()) {
        case JsonKind::kNull:
            return true;
        case JsonKind::kBool:
            return a.as_bool() == b.as_bool();
        case JsonKind::kNumber:
            return exact_number(a) == exact_number(b);
        case JsonKind::kString:
            return a.as_string() == b.as_string();
        case JsonKind::kArray: {
            if (a.size() != b.size()) return false;
            const auto left = elements_of(a);
            const auto right = elements_of(b);
            return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                              [&budget](JsonValue x, JsonValue y) { return equal(x, y, budget); });
        }
        case JsonKind::kObject:
            return a.size() == b.size() && equal_objects(a, b, budget);
    }
    return false;
}

void append_canonical(std::string& out, JsonValue value) {
    switch (value.kind()) {
        case JsonKind::kNull:
            out += "null";
            return;
        case JsonKind::kBool:
            out += value.as_bool().value_or(false) ? "true" : "false";
            return;
        case JsonKind::kNumber:
            return append_exact_number(out, exact_number(value).value_or(0));
        case JsonKind::kString:
            return append_json_string(out, value.as_string().value_or(std::string_view()));
        case JsonKind::kArray:
            out += '[';
            value.for_each_element([&out](JsonValue element) {
                append_canonical(out, element);
                out += ',';
                return true;
            });
            out += ']';
            return;
        case JsonKind::kObject: {
            Members members = members_of(value);
            std::sort(members.begin(), members.end(),
                      [](const auto& a, const auto& b) { return a.first < b.first; });
            out += '{';
            for (const auto& [name, member] : members) {
                append_json_string(out, name);
                out += ':';
                append_canonical(out, member);
                out += ',';
            }
            out += '}';
            return;
        }
    }
}

}  // namespace loadgen::text
