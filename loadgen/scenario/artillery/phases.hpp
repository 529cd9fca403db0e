// `config.phases`: the load.
#pragma once

#include "loadgen/pacing/load.hpp"
#include "loadgen/scenario/artillery/compilation.hpp"

namespace loadgen::scenario::artillery {

/// Without phases, or with --solo: one virtual user in one second. Fills in plan.phases too.
pacing::Load compile_phases(Compilation& compilation);

}  // namespace loadgen::scenario::artillery
