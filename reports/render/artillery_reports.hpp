// Scenario reports in Artillery's forms.
#pragma once

#include <string>

#include "reports/model/scenario_report.hpp"

namespace loadgen::reports {

/// The summary on the terminal: one line a metric, dotted to 79 columns, in order of name.
std::string artillery_text(const ScenarioPeriod& period);

/// The file of `-o`: {"aggregate": …, "intermediate": […]}. Times in milliseconds since 1970, as Artillery
/// writes them.
std::string artillery_json(const ScenarioReport& report);

}  // namespace loadgen::reports
