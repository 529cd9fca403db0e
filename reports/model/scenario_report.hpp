// What virtual users reported, ready to be shown: by period and as a whole (Artillery's "intermediate" and
// "aggregate").
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"
#include "common/stats/metric_book.hpp"

namespace loadgen::reports {

/// A rate that is made of other metrics.
inline constexpr const char* kApdexScore = "apdex.score";

/// A histogram in figures; milliseconds (for what scripts record themselves: their unit).
struct Summary {
    double min = 0;
    double max = 0;
    std::uint64_t count = 0;
    double mean = 0;
    double p50 = 0;
    double p75 = 0;
    double p90 = 0;
    double p95 = 0;
    double p99 = 0;
    double p999 = 0;
};

struct ScenarioPeriod {
    WallTime begin;  ///< of the period
    Nanos length{0};
    std::map<std::string, std::uint64_t> counters;
    std::map<std::string, double> rates;  ///< events per second of the time in which there were any
    std::map<std::string, Summary> summaries;
};

struct ScenarioReport {
    std::vector<ScenarioPeriod> intermediate;  ///< those in which anything happened
    ScenarioPeriod aggregate;
};

/// `start`: of the run; `elapsed`: its length, which ends the last period.
ScenarioReport make_scenario_report(const stats::MetricBook& book, WallTime start, Nanos elapsed);

/// What flat_metrics puts behind the name of a histogram: "min", "p95" and so on.
std::span<const std::string_view> figure_names();

/// Every figure by the name that checks use: counters and rates by their names, "http.response_time.p95" and
/// so on.
std::map<std::string, double> flat_metrics(const ScenarioPeriod& period);

}  // namespace loadgen::reports
