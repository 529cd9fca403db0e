#include "reports/render/distribution_report.hpp"

#include <algorithm>
#include <cmath>

#include "common/base/duration_text.hpp"
#include "reports/render/latency_columns.hpp"
#include "reports/render/tab_columns.hpp"

namespace loadgen::reports {
namespace {

std::string titles() {
    std::string text = "Count\tMean\t";
    for (const PercentileColumn& column : kPercentileColumns) (text += column.title) += '\t';
    return text + "max\n";
}

Nanos from_milliseconds(double value) {
    constexpr double kLimit = 9.2e12;  // in milliseconds; what Nanos can hold
    return Nanos(std::llround(std::clamp(value, -kLimit, kLimit) * 1e6));
}

}  // namespace

std::string distribution_report(const stats::Histogram& histogram) {
    std::string text =
        titles() + std::to_string(histogram.count()) + "\t" + display_duration(histogram.mean()) + "\t";
    for (const PercentileColumn& column : kPercentileColumns) {
        text += display_duration(histogram.value_at(column.quantile)) + "\t";
    }
    return align_columns(text + display_duration(histogram.max()) + "\n");
}

std::string table_report(const stats::Hgrm& table) {
    std::string text = titles() + std::to_string(table.total_count) + "\t" +
                       (table.has_footer ? display_duration(from_milliseconds(table.mean)) : "-") + "\t";
    for (const PercentileColumn& column : kPercentileColumns) {
        const auto reached =
            std::find_if(table.points.begin(), table.points.end(),
                         [&](const stats::HgrmPoint& point) { return point.percentile >= column.quantile; });
        text += (reached == table.points.end() ? "-" : display_duration(from_milliseconds(reached->value))) +
                "\t";
    }
    const double last = table.points.empty() ? 0 : table.points.back().value;
    return align_columns(text + display_duration(from_milliseconds(table.has_footer ? table.max : last)) +
                         "\n");
}

}  // namespace loadgen::reports
