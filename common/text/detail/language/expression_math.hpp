// The functions that every expression knows without a `$`: filtrex's.
#pragma once

#include <cstddef>
#include <string_view>

#include "common/base/result.hpp"
#include "common/text/scope.hpp"

namespace loadgen::text {

/// The function, when it takes so many arguments. The error names the nearest known one (`functions` are
/// known too), or its usage.
Result<const FunctionEntry*> find_math_function(std::string_view name, std::size_t arguments,
                                                const FunctionTable& functions);

/// Math.round: halves go up.
double round_half_up(double number);

}  // namespace loadgen::text
