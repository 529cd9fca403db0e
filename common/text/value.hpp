// A value of a scenario's variable, with the kinds of JavaScript, because scenarios and their processors are
// written with those in mind.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/result.hpp"
#include "common/text/json_reader.hpp"

namespace loadgen::text {

/// Immutable once made; texts, arrays and objects are shared, so that a copy costs a few nanoseconds whatever
/// its size. Any thread may read and copy.
class Value {
  public:
    enum class Kind : std::uint8_t { kUndefined, kNull, kBool, kNumber, kString, kArray, kObject };
    using Array = std::vector<Value>;
    using Member = std::pair<std::string, Value>;
    using Object = std::vector<Member>;  ///< in order of insertion; names are unique

    Value() = default;  ///< undefined: there is no such variable, member or match
    static Value null() { return Value(Null{}); }
    explicit Value(bool value) : data_(value) {}
    explicit Value(double value) : data_(value) {}
    explicit Value(std::string text) : data_(std::make_shared<const std::string>(std::move(text))) {}
    explicit Value(std::string_view text) : Value(std::string(text)) {}
    explicit Value(const char* text) : Value(std::string(text)) {}
    explicit Value(Array elements) : data_(std::make_shared<const Array>(std::move(elements))) {}
    explicit Value(Object members) : data_(std::make_shared<const Object>(std::move(members))) {}
    static Value number(double value) { return Value(value); }

    Kind kind() const { return static_cast<Kind>(data_.index()); }
    bool is_undefined() const { return kind() == Kind::kUndefined; }
    bool is_null() const { return kind() == Kind::kNull; }
    bool is_string() const { return kind() == Kind::kString; }
    bool is_number() const { return kind() == Kind::kNumber; }
    bool is_array() const { return kind() == Kind::kArray; }
    bool is_object() const { return kind() == Kind::kObject; }

    // Precondition of each: the value is of that kind.
    bool boolean() const { return std::get<bool>(data_); }
    double number() const { return std::get<double>(data_); }
    const std::string& string() const { return *std::get<Text>(data_); }
    const Array& elements() const { return *std::get<Elements>(data_); }
    const Object& members() const { return *std::get<Members>(data_); }

    /// The member with this name, or nullptr (also when this is no object).
    const Value* find(std::string_view name) const;

    /// JavaScript's ToBoolean: false for undefined, null, false, 0, NaN and "".
    bool truthy() const;
    /// JavaScript's ToNumber: NaN where there is none.
    double to_number() const;
    /// Appends what a template puts into a text: numbers in their shortest form, arrays and objects as JSON,
    /// "undefined" and "null" by name.
    void append_text(std::string& out) const;
    std::string to_text() const;
    /// Appends JSON; undefined, NaN and infinities become null. Members that are undefined are left out.
    void append_json(std::string& out) const;

    /// Deep comparison of kind and content (JavaScript's ===, but arrays and objects by content).
    friend bool operator==(const Value& a, const Value& b);

  private:
    struct Null {};
    using Text = std::shared_ptr<const std::string>;
    using Elements = std::shared_ptr<const Array>;
    using Members = std::shared_ptr<const Object>;
    explicit Value(Null) : data_(Null{}) {}

    std::variant<std::monostate, Null, bool, double, Text, Elements, Members> data_;
};

/// "undefined", "null", "a boolean", "a number", "a string", "an array", "an object": for messages.
std::string_view kind_name(Value::Kind kind);

/// Copies a parsed document. Numbers become doubles, and the last of members with one name counts (at the
/// place of the first), as in JavaScript.
Value to_value(const JsonValue& json);

/// Parses JSON text. The error names line and column.
Result<Value> parse_json_value(std::string_view json);

}  // namespace loadgen::text
