// How a person stops a run: first signal gently, second at once, third leaves.
#pragma once

#include "loadgen/engine/engine.hpp"

namespace loadgen::cli {

/// The one run of the process; signals reach it.
engine::RunControl& run_control();
/// For what comes after the run (`after`): only signals from now on stop it, for the one that ended the run
/// must not keep it from tidying up.
engine::RunControl& control_after_run();
/// From now on SIGINT and SIGTERM stop the run, and SIGPIPE is an error like others.
void install_run_signals();
/// 130 or 143, by the signal that came last.
int interrupted_exit_code();

}  // namespace loadgen::cli
