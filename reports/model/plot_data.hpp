// Everything a latency plot shows, computed from a stream of records in bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/runlog/record.hpp"
#include "common/stats/histogram.hpp"
#include "reports/model/plot_failures.hpp"
#include "reports/model/plot_intervals.hpp"
#include "reports/model/plot_points.hpp"

namespace loadgen::reports {

/// All records that carry one attack name. Times are relative to its first due instant, so that attacks of
/// different days lie over one another.
struct PlotAttack {
    std::string name;
    std::uint64_t requests = 0;  ///< warm-up left out, as everywhere here
    std::uint64_t failures = 0;
    std::uint64_t warm_up = 0;
    WallTime first_due;
    Nanos last_due{0};
    Nanos end{0};  ///< the last answer, or the instant it was given up
    bool has_detail = false;
    stats::Histogram response;    ///< done minus due, failures included
    stats::Histogram service;     ///< done minus sent; only of records that know their send delay
    stats::Histogram send_delay;  ///< sent minus due; the same records
    std::vector<PlotPoint> ok;    ///< requests that ended well
    bool ok_thinned = false;
    std::vector<PlotInterval> intervals;
};

struct PlotData {
    std::vector<PlotAttack> attacks;  ///< in order of first appearance
    bool attacks_merged = false;      ///< names beyond PlotBuilder::kAttackLimit share the last one
    Nanos interval{0};
    std::vector<FailureKind>
        failure_kinds;                   ///< first_ns and last_ns relative to their attack, like all times
    std::vector<FailurePoint> failures;  ///< every one; by attack of their kind, then in order of time
    Nanos failure_cell{0};               ///< 0: each point is one failure; else the width of a cell
};

struct PlotLimits {
    std::size_t ok_points = 4000;  ///< an attack; 0 = every request
    /// So many failures are drawn one by one: 3 to 9 bytes each in the file, so a few megabytes at most.
    std::size_t exact_failures = 500'000;
};

/// Takes records in any order. Memory depends on the limits and the number of attacks (at most kAttackLimit),
/// not on the number of records or the length of the run. Not thread-safe.
class PlotBuilder {
  public:
    static constexpr std::size_t kAttackLimit = 50;

    explicit PlotBuilder(PlotLimits limits = {});
    PlotBuilder(PlotBuilder&&) noexcept;
    PlotBuilder& operator=(PlotBuilder&&) noexcept;
    ~PlotBuilder();

    void add(const runlog::Record& record);
    /// Call once; the builder is used up.
    PlotData finish();

  private:
    struct Attack;
    std::size_t attack_of(const std::string& name);

    PlotLimits limits_;
    bool attacks_merged_ = false;
    std::map<std::string, std::size_t> index_;
    std::vector<std::unique_ptr<Attack>> attacks_;
    FailureLog failures_;
    IntervalLog intervals_;
};

}  // namespace loadgen::reports
