// The names of all metrics that a run of a scenario can report, as far as they are known before it.
#pragma once

#include <vector>

#include "checks/ensure/ensure.hpp"
#include "loadgen/plan/checks.hpp"
#include "loadgen/plan/scenario_plan.hpp"

namespace loadgen::cli {

struct MetricVocabulary {
    checks::MetricNames names;
    checks::MetricNames
        counters;  ///< those of them that are 0 in a run in which nothing of the kind happened
};

/// Of statuses only those that the checks name. Not among them: what a processor reports, and errors that
/// hold what a server says.
MetricVocabulary metric_vocabulary(const plan::ScenarioPlan& plan, const std::vector<plan::Check>& checks);

}  // namespace loadgen::cli
