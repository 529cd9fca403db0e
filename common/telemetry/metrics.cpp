#include "common/telemetry/metrics.hpp"

#include <algorithm>

namespace loadgen::telemetry {

void DurationHistogram::record(Nanos duration) {
    const std::int64_t ns = std::max<std::int64_t>(duration.count(), 0);
    // An upper bound belongs to its bucket.
    const auto place = std::lower_bound(kBoundsNs.begin(), kBoundsNs.end(), ns);
    buckets_[static_cast<std::size_t>(place - kBoundsNs.begin())].fetch_add(1, std::memory_order_relaxed);
    sum_ns_.fetch_add(static_cast<std::uint64_t>(ns), std::memory_order_relaxed);
}

std::uint64_t DurationHistogram::count() const {
    std::uint64_t total = 0;
    for (const auto& bucket : buckets_) total += bucket.load(std::memory_order_relaxed);
    return total;
}

double DurationHistogram::sum_seconds() const {
    return static_cast<double>(sum_ns_.load(std::memory_order_relaxed)) * 1e-9;
}

}  // namespace loadgen::telemetry
