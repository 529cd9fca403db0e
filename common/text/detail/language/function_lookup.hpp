// Finding a function by name, with an error that helps.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/text/scope.hpp"

namespace loadgen::text {

/// Arguments that any function takes at most.
inline constexpr std::size_t kMostArguments = 16;

/// The known name that is most like `name`; empty when none is near.
std::string nearest_function(const FunctionTable& functions, std::string_view name);

/// "unknown function …; did you mean …?".
Error unknown_function(std::string_view name, std::string_view nearest);

/// The function, when it takes so many arguments. The error names the nearest known one, or its usage.
Result<const FunctionEntry*> find_function(const FunctionTable& functions, std::string_view name,
                                           std::size_t arguments);

}  // namespace loadgen::text
