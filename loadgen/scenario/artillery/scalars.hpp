// Scalars as scripts write them: numbers, booleans and durations, quoted or not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/time.hpp"
#include "loadgen/scenario/artillery/node.hpp"

namespace loadgen::scenario::artillery {

/// A template in it decides only at run time.
bool has_template(std::string_view text);
inline bool has_template(const Node& node) {
    return node.is_scalar() && has_template(node.scalar);
}

// What a scalar means, or nothing when it is not of that kind.
std::optional<double> number_of(const Node& node);
std::optional<std::uint64_t> whole_of(const Node& node);
std::optional<bool> bool_of(const Node& node);

struct DurationText {
    Nanos value{0};
    bool fraction_without_unit = false;  ///< "0.5": taken as seconds, which Artillery does not
};

/// Seconds, or a number and a unit as npm's `ms` knows them: "500ms", "1.5 minutes", "2h", "1 week".
std::optional<DurationText> duration_of(std::string_view text);
std::optional<DurationText> duration_of(const Node& node);

/// "a list", "a map", "nothing", or the scalar in quotes.
std::string found(const Node& node);

}  // namespace loadgen::scenario::artillery
