// How a person stops a run: first signal gently, second at once, third leaves. What comes after the run
// counts anew.
#pragma once

#include "loadgen/engine/engine.hpp"

namespace loadgen::cli {

/// The one run of the process; signals reach it.
engine::RunControl& run_control();
/// To be called when the run is over. Only signals from now on stop what comes after it (`after`), and the
/// third of these leaves: those that ended the run neither keep it from tidying up nor cost its report.
engine::RunControl& begin_after_run();
/// From now on SIGINT and SIGTERM stop the run, and SIGPIPE is an error like others.
void install_run_signals();
/// 130 or 143, by the signal that came last.
int interrupted_exit_code();

}  // namespace loadgen::cli
