// The functions that every expression knows without a `$`: filtrex's.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "common/text/scope.hpp"

namespace loadgen::text {

struct MathFunction {
    std::string_view name;
    std::size_t min_arguments = 1;
    Function call = nullptr;
};

/// nullptr when there is none of this name.
const MathFunction* find_math_function(std::string_view name);

}  // namespace loadgen::text
