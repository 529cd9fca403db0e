// A finished run as report figures and as the run file (docs/result-formats.md, "run JSON").
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/stats/histogram.hpp"
#include "common/text/json_writer.hpp"
#include "loadgen/engine/engine.hpp"
#include "reports/model/metrics.hpp"

namespace loadgen::cli {

struct RunSummary {
    reports::Metrics metrics;
    std::uint64_t requests = 0;
    std::uint64_t responses = 0;  ///< exchanges that brought a complete response, whatever its status
    /// There were exchanges and no response, or none once the warm-up was over.
    bool unanswered = false;
};

RunSummary summarise(const engine::RunResult& result);

/// That there was no response, and the first error.
std::string nobody_answered(const RunSummary& summary);

/// The run file is written at the end; that it cannot be (kIo) is better told before an hour of load. Leaves
/// the file system as it was.
Result<void> check_run_json(const std::string& path);

/// A histogram as a member of the run file.
void write_histogram(text::JsonWriter& json, std::string_view name, const stats::Histogram& histogram);

/// Writes the run file. `more` adds members at its end; it may be empty. kIo names the file.
Result<void> write_run_json(const std::string& path, const engine::RunResult& result,
                            const RunSummary& summary, const plan::RunPlan& plan,
                            const std::function<void(text::JsonWriter&)>& more = {});

}  // namespace loadgen::cli
