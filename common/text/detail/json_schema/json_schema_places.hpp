// Where a schema's references lead. Private to JsonSchema.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/text/json_reader.hpp"

namespace loadgen::text {

/// A name as a step of a JSON pointer (RFC 6901 section 3).
std::string pointer_step(std::string_view name);

/// The places of one schema document.
class SchemaPlaces {
  public:
    explicit SchemaPlaces(JsonValue root);

    /// What the fragment of a URI leads to, a JSON pointer or the name of an anchor, and its place
    /// ("#/$defs/a").
    std::optional<std::pair<JsonValue, std::string>> find(std::string_view fragment) const;

  private:
    void find_anchors(JsonValue value, const std::string& place);

    JsonValue root_;
    std::map<std::string, std::pair<JsonValue, std::string>, std::less<>> anchors_;
};

}  // namespace loadgen::text
