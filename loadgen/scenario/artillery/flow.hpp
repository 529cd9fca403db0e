// Flows: lists of steps to instructions.
#pragma once

#include <string>

#include "loadgen/plan/scenario_plan.hpp"
#include "loadgen/scenario/artillery/compilation.hpp"
#include "loadgen/scenario/artillery/request.hpp"

namespace loadgen::scenario::artillery {

/// `scenario` holds `flow` and its hooks. Appends to plan.program, ending with kEnd.
plan::Journey compile_flow(Compilation& compilation, const Spot& scenario, bool before);

/// Whether the engine that `scenario` asks for exists here; says so when not. `websocket` tells which.
bool check_engine(Compilation& compilation, const Spot& scenario, bool& websocket);

}  // namespace loadgen::scenario::artillery
