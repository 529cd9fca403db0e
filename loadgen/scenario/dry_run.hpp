// Prints what a run would send and when, without sending it.
#pragma once

#include <cstdint>
#include <iosfwd>

#include "common/base/result.hpp"
#include "loadgen/pacing/load.hpp"
#include "loadgen/plan/request.hpp"

namespace loadgen::scenario {

struct DryRunOptions {
    std::uint64_t limit = 1000;  ///< requests printed at most
    bool json = false;           ///< JSON lines instead of columns
};

/// One line a request, "seq due method url", counted from 0 as results are; lines that begin with '#' mark
/// phases and the end. As JSON lines a phase is {"phase", "name", "start_ns", "end_ns", "warm_up", "text"}, a
/// request {"seq", "due_ns", "phase", "method", "url"}, and the last line {"requests", "end_ns", "complete"},
/// where complete is false when the limit or the targets cut it short. Takes requests from `requests`; walks
/// a copy of the load's schedule, so the same seed prints the same text. Errors: the source's; kIo when `out`
/// fails.
Result<void> write_dry_run(std::ostream& out, const pacing::Load& load, plan::RequestSource& requests,
                           const DryRunOptions& options);

}  // namespace loadgen::scenario
