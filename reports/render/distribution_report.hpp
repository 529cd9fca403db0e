// Text reports on distributions alone: no requests, codes or errors, only how long things took.
#pragma once

#include <string>

#include "common/stats/hgrm.hpp"
#include "common/stats/histogram.hpp"

namespace loadgen::reports {

/// Count, mean and percentiles of a histogram.
std::string distribution_report(const stats::Histogram& histogram);

/// The same from a percentile table, whose values are taken as milliseconds: each percentile is the value of
/// the first row that reaches it.
std::string table_report(const stats::Hgrm& table);

}  // namespace loadgen::reports
