// What a scenario run adds to the run file: its users, what its requests are grouped by, and its checks.
#pragma once

#include "common/text/json_writer.hpp"
#include "loadgen/cli/run/scenario_report.hpp"

namespace loadgen::cli {

/// The members "tags" and "note", as the command line gave them.
void write_labels(text::JsonWriter& json, const RunSettings& settings);

/// The members "seed", "users", "groups" and "checks" (docs/result-formats.md); `json` stands inside the run
/// file's object.
void write_scenario_members(text::JsonWriter& json, const engine::RunResult& result, std::uint64_t seed,
                            const ScenarioOutcome& outcome);

}  // namespace loadgen::cli
