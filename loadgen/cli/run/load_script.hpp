// A scenario file for `run` and `validate`: the loader, and then its `ensure` against what a run can report.
#pragma once

#include <string>

#include "loadgen/cli/run/run_settings.hpp"
#include "loadgen/scenario/artillery.hpp"

namespace loadgen::cli {

/// Expressions of `ensure` that do not parse are errors, metrics that no run of the script has are warnings.
scenario::Loaded load_script(const RunSettings& settings, const std::string& script);

}  // namespace loadgen::cli
