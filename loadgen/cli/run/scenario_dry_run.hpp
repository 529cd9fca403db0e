// `loadgen run -dry-run`: who would arrive when, and what they would send.
#pragma once

#include <cstdint>
#include <string>

#include "loadgen/pacing/load.hpp"
#include "loadgen/plan/scenario_plan.hpp"

namespace loadgen::cli {

/// The seed, the phases, and the first `limit` users, each from its arrival to its end, between `before` and
/// `after`, as text. Nothing is sent and no processor runs: answers are taken to come at once, and what would
/// be captured from them reads "<name>". Lines of what is taken for granted, or left out, have a '#'. The
/// same seed gives the same text. `traceparent`: with an example of what requests would carry, made from the
/// seed; those of a run are new each time.
std::string scenario_dry_run(const plan::ScenarioPlan& plan, const pacing::Load& load, std::uint64_t limit,
                             bool traceparent);

}  // namespace loadgen::cli
