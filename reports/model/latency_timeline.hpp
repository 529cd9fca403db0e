// Latency histograms by second of the run, for interval logs.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "common/base/time.hpp"
#include "common/stats/hdr_log.hpp"
#include "common/stats/interval_series.hpp"

namespace loadgen::reports {

/// Takes records in any order of time, as result files have them. A day at one second; longer runs double the
/// step. Memory: a few KiB per second of the run.
class LatencyTimeline {
  public:
    void add(WallTime timestamp, Nanos latency);

    /// Start of the earliest second with a record in it; none when there are no records.
    std::optional<WallTime> start() const;
    /// Calls `use` for every interval from the first to the last that hold records.
    void for_each(const std::function<void(const stats::LogInterval&)>& use) const;

  private:
    std::size_t first_used() const;

    // Records finish out of order, so the first one in the file need not be the earliest: room before it.
    static constexpr std::int64_t kLead = 300;
    static constexpr std::size_t kCapacity = 86'400 + kLead;

    std::optional<WallTime> base_;
    stats::HistogramSeries series_{std::chrono::seconds(1), kCapacity};
};

}  // namespace loadgen::reports
