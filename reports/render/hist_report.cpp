#include <algorithm>

#include "common/base/duration_text.hpp"
#include "reports/render/format_text.hpp"
#include "reports/render/tab_columns.hpp"
#include "reports/render/vegeta_reports.hpp"

namespace loadgen::reports {

std::string hist_report(const LatencyBuckets& buckets) {
    constexpr double kBarWidth = 75;
    const std::vector<Nanos>& bounds = buckets.bounds();
    const auto total = static_cast<double>(std::max<std::uint64_t>(buckets.total(), 1));
    std::string text = "Bucket\t\t#\t%\tHistogram\n";
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        const std::uint64_t count = buckets.counts()[i];
        const double ratio = static_cast<double>(count) / total;
        text += "[" + format_duration(bounds[i]) + ",\t";
        text += (i + 1 < bounds.size() ? format_duration(bounds[i + 1]) : "+Inf") + "]\t";
        text += std::to_string(count) + "\t" + fixed(ratio * 100, 2) + "%\t";
        text.append(static_cast<std::size_t>(ratio * kBarWidth), '#');
        text += '\n';
    }
    return align_columns(text);
}

}  // namespace loadgen::reports
