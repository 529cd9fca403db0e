// JSON Schema (draft 2020-12), the part that checks of answers and our own files need.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/text/json_reader.hpp"

namespace loadgen::text {

/// Something in a document that the schema does not allow.
struct SchemaViolation {
    std::string path;     ///< of the value: "$.items[0].id"
    std::string message;  ///< what was found and what the schema allows there
};

/// Compiled once. Immutable; copies share what is compiled; any thread may validate.
///
/// Known: type, enum, const; minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf; minLength,
/// maxLength, pattern (as Regex, so without look-around); prefixItems, items, contains, minContains,
/// maxContains, minItems, maxItems, uniqueItems; properties, patternProperties, additionalProperties,
/// propertyNames, required, dependentRequired, dependentSchemas, minProperties, maxProperties; allOf, anyOf,
/// oneOf, not, if, then, else; $ref within the schema (#, #/$defs/name, #anchor). From draft 7 a list under
/// items, additionalItems and dependencies. Refused when compiled: other references, $dynamicRef,
/// unevaluatedItems, unevaluatedProperties. All other keywords, format among them, say nothing about validity
/// here.
class JsonSchema {
  public:
    JsonSchema();  ///< allows everything

    /// The error names the place in the schema ("#/properties/id/type"), what was found and what is allowed.
    static Result<JsonSchema> compile(std::string_view schema);

    bool allows(JsonValue document) const;
    /// At most `limit` of them, in order of the document; none when it is valid.
    std::vector<SchemaViolation> validate(JsonValue document, std::size_t limit = 20) const;

  private:
    struct Program;
    std::shared_ptr<const Program> program_;
};

}  // namespace loadgen::text
