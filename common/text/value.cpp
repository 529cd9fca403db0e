#include "common/text/value.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "common/text/json_writer.hpp"

namespace loadgen::text {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n\f\v";
    const auto first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

double number_of(std::string_view text) {
    text = trimmed(text);
    if (text.empty()) return 0;
    if (text.front() == '+') text.remove_prefix(1);
    double number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = end == text.data() + text.size();
    return whole && fault == std::errc() ? number : std::numeric_limits<double>::quiet_NaN();
}

void append_number_text(std::string& out, double number) {
    if (std::isnan(number)) {
        out += "NaN";
    } else if (std::isinf(number)) {
        out += number > 0 ? "Infinity" : "-Infinity";
    } else {
        append_json_number(out, number == 0 ? 0 : number);  // -0 reads "0"
    }
}

void write(JsonWriter& writer, const Value& value) {
    switch (value.kind()) {
        case Value::Kind::kUndefined:
        case Value::Kind::kNull:
            writer.null();
            return;
        case Value::Kind::kBool:
            writer.boolean(value.boolean());
            return;
        case Value::Kind::kNumber:
            writer.number(value.number() == 0 ? 0 : value.number());
            return;
        case Value::Kind::kString:
            writer.string(value.string());
            return;
        case Value::Kind::kArray:
            writer.begin_array();
            for (const Value& element : value.elements()) write(writer, element);
            writer.end_array();
            return;
        case Value::Kind::kObject:
            writer.begin_object();
            for (const auto& [name, member] : value.members()) {
                if (member.is_undefined()) continue;
                writer.key(name);
                write(writer, member);
            }
            writer.end_object();
            return;
    }
}

}  // namespace

const Value* Value::find(std::string_view name) const {
    if (!is_object()) return nullptr;
    for (const auto& [key, value] : members()) {
        if (key == name) return &value;
    }
    return nullptr;
}

bool Value::truthy() const {
    switch (kind()) {
        case Kind::kUndefined:
        case Kind::kNull:
            return false;
        case Kind::kBool:
            return boolean();
        case Kind::kNumber:
            return number() != 0 && !std::isnan(number());
        case Kind::kString:
            return !string().empty();
        case Kind::kArray:
        case Kind::kObject:
            return true;
    }
    return false;
}

double Value::to_number() const {
    switch (kind()) {
        case Kind::kNull:
            return 0;
        case Kind::kBool:
            return boolean() ? 1 : 0;
        case Kind::kNumber:
            return number();
        case Kind::kString:
            return number_of(string());
        case Kind::kUndefined:
        case Kind::kArray:
        case Kind::kObject:
            break;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

void Value::append_text(std::string& out) const {
    switch (kind()) {
        case Kind::kUndefined:
            out += "undefined";
            return;
        case Kind::kNull:
            out += "null";
            return;
        case Kind::kBool:
            out += boolean() ? "true" : "false";
            return;
        case Kind::kNumber:
            append_number_text(out, number());
            return;
        case Kind::kString:
            out += string();
            return;
        case Kind::kArray:
        case Kind::kObject:
            append_json(out);
            return;
    }
}

std::string Value::to_text() const {
    std::string text;
    append_text(text);
    return text;
}

void Value::append_json(std::string& out) const {
    JsonWriter writer(out);
    write(writer, *this);
}

bool operator==(const Value& a, const Value& b) {
    if (a.kind() != b.kind()) return false;
    switch (a.kind()) {
        case Value::Kind::kUndefined:
        case Value::Kind::kNull:
            return true;
        case Value::Kind::kBool:
            return a.boolean() == b.boolean();
        case Value::Kind::kNumber:
            return a.number() == b.number();
        case Value::Kind::kString:
            return a.string() == b.string();
        case Value::Kind::kArray:
            return a.elements() == b.elements();
        case Value::Kind::kObject:
            break;
    }
    if (a.members().size() != b.members().size()) return false;
    for (const auto& [name, member] : a.members()) {
        const Value* other = b.find(name);
        if (other == nullptr || !(*other == member)) return false;
    }
    return true;
}

std::string_view kind_name(Value::Kind kind) {
    switch (kind) {
        case Value::Kind::kUndefined:
            return "undefined";
        case Value::Kind::kNull:
            return "null";
        case Value::Kind::kBool:
            return "a boolean";
        case Value::Kind::kNumber:
            return "a number";
        case Value::Kind::kString:
            return "a string";
        case Value::Kind::kArray:
            return "an array";
        case Value::Kind::kObject:
            return "an object";
    }
    return "";
}

Value to_value(const JsonValue& json) {
    switch (json.kind()) {
        case JsonKind::kNull:
            return Value::null();
        case JsonKind::kBool:
            return Value(json.as_bool().value_or(false));
        case JsonKind::kNumber:
            return Value(json.as_double().value_or(0));
        case JsonKind::kString:
            return Value(json.as_string().value_or(std::string_view()));
        case JsonKind::kArray: {
            Value::Array elements;
            elements.reserve(json.size());
            json.for_each_element([&elements](const JsonValue& element) {
                elements.push_back(to_value(element));
                return true;
            });
            return Value(std::move(elements));
        }
        case JsonKind::kObject:
            break;
    }
    Value::Object members;
    members.reserve(json.size());
    json.for_each_member([&members](std::string_view name, const JsonValue& member) {
        for (auto& [known, value] : members) {
            if (known != name) continue;
            value = to_value(member);  // as JavaScript: the last one counts
            return true;
        }
        members.emplace_back(std::string(name), to_value(member));
        return true;
    });
    return Value(std::move(members));
}

Result<Value> parse_json_value(std::string_view json) {
    JsonDocument document;
    auto root = document.parse(json);
    if (!root) return std::move(root).error();
    return to_value(*root);
}

}  // namespace loadgen::text
