// When two JSON values are the same.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "common/text/json_reader.hpp"

namespace loadgen::text {

/// The number exactly: every integer of 64 bits and every double fits.
std::optional<long double> exact_number(JsonValue value);

/// Same kind and same content; numbers by value (1 is 1.0), members in any order. Takes time linear in the
/// size (times its logarithm, for large objects).
bool equal(JsonValue a, JsonValue b);
/// The same, but takes one from `budget` for each value it looks at, and gives up (false) when there is none
/// left.
bool equal(JsonValue a, JsonValue b, std::size_t& budget);

/// Appends a text that is the same for values that are equal, and only for them.
void append_canonical(std::string& out, JsonValue value);

}  // namespace loadgen::text
