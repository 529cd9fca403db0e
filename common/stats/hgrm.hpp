// Percentile distributions as text (.hgrm): the table that HdrHistogram's tools print and its plotter reads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/stats/histogram.hpp"

namespace loadgen::stats {

struct HgrmOptions {
    int ticks_per_half_distance = 5;  ///< rows per halving of the distance to 100 %; 1..1000
    double unit_ns = 1e6;  ///< nanoseconds in one unit of the Value column; milliseconds by default
};

/// The table: Value, Percentile, TotalCount, 1/(1-Percentile), then the footer. Columns, steps and widths are
/// the reference implementation's. Values are the top of their bucket but never above max(); the row of
/// percentile 1 has no fourth column.
std::string format_hgrm(const Histogram& histogram, const HgrmOptions& options = {});

/// One row of a table, in the unit of the file.
struct HgrmPoint {
    double value = 0;
    double percentile = 0;  ///< 0..1
    std::uint64_t total_count = 0;
};

struct Hgrm {
    std::vector<HgrmPoint> points;  ///< in the file's order: percentile and value never fall
    double mean = 0;                ///< from the footer; 0 when `has_footer` is false
    double standard_deviation = 0;
    double max = 0;
    std::uint64_t total_count = 0;  ///< of the footer, else of the last row
    bool has_footer = false;
};

/// Reads such a table back, columns split by white space or commas (the CSV form), header and footer
/// optional: also what wrk2 and vegeta's hdrplot print. At most 1 000 000 rows. Errors name the line and the
/// field.
Result<Hgrm> parse_hgrm(std::string_view text);

}  // namespace loadgen::stats
