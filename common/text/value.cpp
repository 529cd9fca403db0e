#include "common/text/value.hpp"

#include <cmath>
#include <limits>

#include "common/text/detail/json/javascript_number.hpp"
#include "common/text/detail/json/key_index.hpp"
#include "common/text/json_writer.hpp"

namespace loadgen::text {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// An array is what its elements joined by commas are.
double number_of(const Value::Array& elements) {
    if (elements.empty()) return 0;
    if (elements.size() > 1) return kNaN;
    const Value& only = elements.front();
    if (only.is_undefined() || only.is_null()) return 0;
    return only.kind() == Value::Kind::kBool ? kNaN : only.to_number();
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

/// Members in the same order cost one comparison each.
bool equal_members(const Value::Object& a, const Value::Object& b) {
    if (a.size() != b.size()) return false;
    KeyIndex places;
    std::size_t indexed = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t place = i;
        if (b[i].first != a[i].first) {
            for (; indexed < b.size(); ++indexed) places.find_or_add(b[indexed].first, indexed);
            const auto known = places.find(a[i].first);
            if (!known) return false;
            place = *known;
        }
        if (!(b[place].second == a[i].second)) return false;
    }
    return true;
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
            return javascript_number(string());
        case Kind::kArray:
            return number_of(elements());
        case Kind::kUndefined:
        case Kind::kObject:
            break;
    }
    return kNaN;
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
    return equal_members(a.members(), b.members());
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
    KeyIndex places;
    json.for_each_member([&](std::string_view name, const JsonValue& member) {
        if (const auto known = places.find_or_add(name, members.size())) {
            members[*known].second = to_value(member);  // as JavaScript: the last one counts
        } else {
            members.emplace_back(std::string(name), to_value(member));
        }
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
