// How a person stops a run: first signal gently, second at once, third leaves.
#pragma once

#include "loadgen/engine/engine.hpp"

namespace loadgen::cli {

/// The one run of the process; signals reach it.
engine::RunControl& run_control();
/// From now on SIGINT and SIGTERM stop the run, and SIGPIPE is an error like others.
void install_run_signals();
/// 130 or 143, by the signal that came last.
int interrupted_exit_code();

}  // namespace loadgen::cli
