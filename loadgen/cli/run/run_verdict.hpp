// How `loadgen run` ends: one exit code, and in words whatever else there is to know.
#pragma once

#include <string>
#include <vector>

#include "checks/ensure/ensure.hpp"
#include "loadgen/cli/run/scenario_report.hpp"
#include "loadgen/engine/health.hpp"

namespace loadgen::cli {

/// What a finished run is judged by.
struct RunEnd {
    const ScenarioOutcome& outcome;
    const std::vector<engine::Finding>& findings;
    int interrupted = 0;           ///< the exit code of the signal that ended it; 0 = none did
    bool rows_ran_out = false;     ///< of data whose policy says that this fails the run
    bool output_lost = false;      ///< a report or results could not be written; told already
    std::string nothing_measured;  ///< why there is nothing to judge by; empty when there is
};

struct RunVerdict {
    int exit_code = 0;
    std::vector<std::string> lines;  ///< for standard error; none when all is well
};

/// A broken check wins over a measurement that is not valid when it is proven all the same: an answer was not
/// what the script expects, or there were more answers of a status or more errors than a check allows, of a
/// kind that no lateness brings about, and no request was lost for want of something on this machine.
/// Otherwise the run could not measure, whatever its figures say.
RunVerdict judge_end(const RunEnd& end);

}  // namespace loadgen::cli
