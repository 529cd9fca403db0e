// JSONPath (RFC 9535), compiled once; what scenarios capture and match with.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/text/json_reader.hpp"
#include "common/text/value.hpp"

namespace loadgen::text {

/// Names, indices (negative from the end), wildcards, slices, unions, descendants and filters with the RFC's
/// five functions. Beyond the RFC, as jsonpath-plus has it, which Artillery uses: the leading `$` may be
/// missing; names without quotes may contain dashes and begin with digits, and `.0` is an element, too;
/// `[(@.length-1)]` is the last element; `===` and `!==`; `.length` of a text or an array where there is no
/// such member. Within the RFC and unlike jsonpath-plus, `?@.a` asks whether there is a member, not whether
/// it is true. Immutable; any thread may select.
class JsonPath {
  public:
    /// What a path alone asks in a filter, as in `[?(@.flag)]`.
    enum class Tests : std::uint8_t {
        kExistence,  ///< whether it selects something (RFC 9535 section 2.3.5)
        kTruth,      ///< in a filter in brackets, `?(...)`: whether what it selects is true in JavaScript's
                     ///< sense, as in jsonpath-plus, which knows no other filters
    };

    /// The error says at which character (from 1) what was found and what is allowed.
    static Result<JsonPath> compile(std::string_view path, Tests tests = Tests::kExistence);

    /// Not of names and indices alone, so that there is no telling how many nodes it selects.
    bool selects_several() const;
    /// All nodes it selects, in the order of RFC 9535 section 2; at most `limit`, and what some five million
    /// visits find: paths that multiply (`..*..*`) end early.
    std::vector<JsonValue> select(JsonValue root, std::size_t limit = 10'000) const;
    /// The first of them.
    std::optional<JsonValue> first(JsonValue root) const;
    /// All as values of their own, and lengths where the path ends in `.length`.
    std::vector<Value> values(JsonValue root, std::size_t limit = 10'000) const;

  private:
    struct Query;
    std::shared_ptr<const Query> query_;
};

}  // namespace loadgen::text
