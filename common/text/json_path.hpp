// JSONPath (RFC 9535), compiled once; what scenarios capture and match with.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/text/json_reader.hpp"

namespace loadgen::text {

/// Names, indices (negative from the end), wildcards, slices, descendants and filters. A path may leave the
/// leading `$` out, as Artillery's users do. Immutable; any thread may select.
class JsonPath {
  public:
    /// The error says at which character (from 1) what was found and what is allowed.
    static Result<JsonPath> compile(std::string_view path);

    /// All nodes it selects, in the order of RFC 9535 section 2; at most `limit`.
    std::vector<JsonValue> select(JsonValue root, std::size_t limit = 10'000) const;

  private:
    struct Segment;
    std::shared_ptr<const std::vector<Segment>> segments_;
};

}  // namespace loadgen::text
