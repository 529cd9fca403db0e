// vegeta's reports, to the byte (docs/result-formats.md). Pure: metrics in, text out.
#pragma once

#include <string>

#include "reports/model/latency_buckets.hpp"
#include "reports/model/metrics.hpp"

namespace loadgen::reports {

/// The eight lines and the error set. Where records carried our detail, our own blocks follow after an empty
/// line (detail_text.hpp).
std::string text_report(const Metrics& metrics);

/// One line of JSON and a line break; `buckets` may be null. Where records carried our detail, the object
/// ends in one more member, "loadgen".
std::string json_report(const Metrics& metrics, const LatencyBuckets* buckets);

/// Counts between bounds, with bars.
std::string hist_report(const LatencyBuckets& buckets);

/// Percentiles for HdrHistogram's plotter, in milliseconds.
std::string hdrplot_report(const Metrics& metrics);
std::string hdrplot_report(const stats::Histogram& latencies);

}  // namespace loadgen::reports
