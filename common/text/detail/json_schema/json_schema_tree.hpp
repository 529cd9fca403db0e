// A JSON Schema as a tree. Private to JsonSchema.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/text/json_reader.hpp"
#include "common/text/json_schema.hpp"
#include "common/text/regex.hpp"

namespace loadgen::text {

/// The place of a schema among all of them; references may form circles.
using SchemaId = std::uint32_t;

struct SchemaNode {
    using Named = std::pair<std::string, SchemaId>;
    enum Type : std::uint8_t {
        kNull = 1,
        kBool = 2,
        kInteger = 4,
        kNumber = 8,
        kString = 16,
        kArray = 32,
        kObject = 64
    };

    bool never = false;      ///< the schema `false`
    std::uint8_t types = 0;  ///< of Type; 0 allows all
    std::optional<std::vector<JsonValue>> enumeration;
    std::optional<JsonValue> constant;

    std::optional<long double> minimum, maximum, exclusive_minimum, exclusive_maximum, multiple_of;
    std::optional<std::size_t> min_length, max_length;
    std::optional<Regex> pattern;
    std::string pattern_text;

    std::vector<SchemaId> prefix_items;
    std::optional<SchemaId> items;  ///< of the elements behind the prefix
    std::optional<SchemaId> contains;
    std::optional<std::size_t> min_contains, max_contains, min_items, max_items;
    bool unique_items = false;

    std::map<std::string, SchemaId, std::less<>> properties;
    std::vector<std::pair<Regex, SchemaId>> pattern_properties;
    std::optional<SchemaId> additional_properties, property_names;
    std::vector<std::string> required;
    std::vector<std::pair<std::string, std::vector<std::string>>> dependent_required;
    std::vector<Named> dependent_schemas;
    std::optional<std::size_t> min_properties, max_properties;

    std::vector<SchemaId> all_of, any_of, one_of;
    std::optional<SchemaId> not_schema, if_schema, then_schema, else_schema, reference;
};

struct JsonSchema::Program {
    JsonDocument document;          ///< owns the values of enumerations and constants
    std::vector<SchemaNode> nodes;  ///< the first one is the whole schema
};

/// Fills the nodes from the schema's text.
Result<std::vector<SchemaNode>> compile_schema(JsonValue root);

/// One validation.
class SchemaRun {
  public:
    SchemaRun(const std::vector<SchemaNode>& nodes, std::size_t limit) : nodes_(nodes), limit_(limit) {}

    bool check(SchemaId id, JsonValue value);
    std::vector<SchemaViolation> take_violations() { return std::move(violations_); }

  private:
    class Quiet;

    void report(std::string message);
    bool test(SchemaId id, JsonValue value);

    bool check_kind(const SchemaNode& node, JsonValue value);
    bool check_number(const SchemaNode& node, JsonValue value);
    bool check_string(const SchemaNode& node, JsonValue value);
    bool check_array(const SchemaNode& node, JsonValue value);
    bool check_items(const SchemaNode& node, JsonValue value);
    bool check_contains(const SchemaNode& node, JsonValue value);
    bool check_unique(JsonValue value);
    bool check_object(const SchemaNode& node, JsonValue value);
    bool check_members(const SchemaNode& node, JsonValue value);
    bool check_member(const SchemaNode& node, std::string_view name, JsonValue value);
    bool check_dependencies(const SchemaNode& node, JsonValue value);
    bool check_required(const std::vector<std::string>& names, JsonValue value);
    bool check_combined(const SchemaNode& node, JsonValue value);
    bool check_alternatives(const SchemaNode& node, JsonValue value);
    void report_alternatives(const std::vector<SchemaId>& ids, JsonValue value);
    bool check_count(std::size_t count, std::string_view what, const std::optional<std::size_t>& least,
                     const std::optional<std::size_t>& most);
    bool inside(std::string_view step, SchemaId id, JsonValue value);

    const std::vector<SchemaNode>& nodes_;
    std::size_t limit_;
    std::vector<SchemaViolation> violations_;
    std::string path_ = "$";
    std::size_t depth_ = 0;
    std::size_t steps_left_ = 1'000'000;
    bool quiet_ = false;
};

}  // namespace loadgen::text
