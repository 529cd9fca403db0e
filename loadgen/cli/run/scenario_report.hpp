// What `loadgen run` tells at its end.
#pragma once

#include <string>
#include <vector>

#include "checks/ensure/ensure.hpp"
#include "loadgen/cli/run/run_report.hpp"
#include "loadgen/cli/run/run_settings.hpp"
#include "loadgen/engine/engine.hpp"
#include "reports/model/scenario_report.hpp"

namespace loadgen::cli {

/// A finished run and what it was judged by.
struct ScenarioOutcome {
    reports::ScenarioReport report;
    std::vector<checks::CheckResult> checks;
    std::uint64_t failed_expectations = 0;
    std::uint64_t answers =
        0;  ///< responses, and WebSockets that opened: one that is refused has but a status
};

ScenarioOutcome judge_run(const engine::RunResult& result, const plan::Checks& checks);

/// That every user failed, and none of them at a request; empty when that is not so.
std::string nobody_asked(const ScenarioOutcome& outcome);

/// For people: what -name, -tags and -note say; empty when nothing.
std::string labels_text(const RunSettings& settings);
/// For people: every metric, the endpoints with their three latencies, the slowest requests, the checks.
std::string scenario_text(const engine::RunResult& result, const RunSummary& summary,
                          const ScenarioOutcome& outcome);
/// The lines of the checks that are broken or unknown, as there.
std::string broken_checks(const ScenarioOutcome& outcome);

}  // namespace loadgen::cli
