// The functions that templates and expressions may call without a processor (docs/functions.md).
#pragma once

#include "common/text/scope.hpp"

namespace loadgen::scripting {

/// Static; any thread.
const text::FunctionTable& built_in_functions();

}  // namespace loadgen::scripting
