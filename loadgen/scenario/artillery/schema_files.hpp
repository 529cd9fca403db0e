// JSON Schemas of `checkJsonSchema`: written into the script, or in a file beside it.
#pragma once

#include <optional>

#include "common/text/json_schema.hpp"
#include "loadgen/scenario/artillery/compilation.hpp"

namespace loadgen::scenario::artillery {

/// Nothing when it cannot be read or is none, which has been said.
std::optional<text::JsonSchema> compile_schema(Compilation& compilation, const Spot& spot);

}  // namespace loadgen::scenario::artillery
