// Steps that are compiled without a look at their neighbours: loop, think, set.
#pragma once

#include "loadgen/plan/steps.hpp"
#include "loadgen/scenario/artillery/compilation.hpp"

namespace loadgen::scenario::artillery {

/// `spot` is the whole step. `endless` becomes true for a loop that nothing ends.
plan::LoopStep compile_loop(Compilation& compilation, const Spot& spot, bool& endless);
plan::ThinkStep compile_think(Compilation& compilation, const Spot& spot);
/// `spot` is the map behind `set`.
plan::SetStep compile_set(Compilation& compilation, const Spot& spot);

}  // namespace loadgen::scenario::artillery
