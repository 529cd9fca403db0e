// JSON Schemas of `checkJsonSchema`: written into the script, or in a file beside it.
#pragma once

#include <memory>

#include "loadgen/plan/steps.hpp"
#include "loadgen/scenario/artillery/compilation.hpp"

namespace loadgen::scenario::artillery {

std::shared_ptr<const plan::CompiledSchema> compile_schema(Compilation& compilation, const Spot& spot);

}  // namespace loadgen::scenario::artillery
