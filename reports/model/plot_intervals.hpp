// A run cut into equal intervals of time: what was asked, answered and failed in each, and how long it took.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "common/stats/histogram.hpp"
#include "reports/model/plot_failures.hpp"

namespace loadgen::reports {

/// Rows of the heatmap: latencies in quarters of an octave, row r from 2^(r/4) ns up to 2^((r+1)/4) ns.
inline constexpr int kHeatRowsPerOctave = 4;
/// The heatmap row a latency falls into; 1 ns and less is row 0.
int heat_row(std::int64_t latency_ns);

/// One interval of one attack. Times are relative to the attack's first due instant.
struct PlotInterval {
    Nanos start{0};
    Nanos due_span{0};           ///< the part of it in which requests were due; a rate divides by this
    Nanos answer_span{0};        ///< the part of it before the last answer; likewise
    std::uint64_t due = 0;       ///< requests due in it
    std::uint64_t answered = 0;  ///< requests that ended well in it, whenever they were due
    Nanos p50{0};                ///< of the response times of the requests due in it, failures included
    Nanos p99{0};
    Nanos max{0};
    std::array<std::uint32_t, kFailureGroupCount> failed{};  ///< of those due in it, by group
    std::vector<std::pair<int, std::uint64_t>> heat;         ///< (row, requests due in it), rows ascending
};

/// Collects intervals for several attacks. Starts with intervals of 1/32 s and doubles their width whenever
/// there are more than kIntervalLimit in one attack or kTotalLimit in all, so memory is bounded (kTotalLimit
/// histograms) however long the run. Not thread-safe.
class IntervalLog {
  public:
    static constexpr Nanos kFirstWidth{31'250'000};
    static constexpr std::int64_t kIntervalLimit = 300;
    static constexpr std::size_t kTotalLimit = 600;
    /// Intervals are widened at the end until they hold this many requests on average, or only kFewest are
    /// left: a 99th percentile of five requests says nothing.
    static constexpr std::uint64_t kWantedRequests = 100;
    static constexpr std::int64_t kFewest = 30;

    /// `time_ns`: due instant, at most 2^61 from the epoch; `latency`: 0 to 2^61; `group` counts only if
    /// `failed`.
    void add(std::size_t attack, std::int64_t time_ns, Nanos latency, bool failed, std::size_t group);
    /// Chooses the final width. Call once, after the last add().
    void settle();
    Nanos width() const { return width_; }
    /// Where an attack begins and ends, as nanoseconds since the epoch.
    struct Bounds {
        std::int64_t first_due_ns = 0;
        std::int64_t due_end_ns = 0;  ///< when the request after the last one would have been due
        std::int64_t end_ns = 0;      ///< the last answer
    };
    /// Without gaps, from the first to the last in which something was due or answered.
    std::vector<PlotInterval> intervals(std::size_t attack, const Bounds& bounds) const;

  private:
    struct Cell {
        stats::Histogram response;
        std::uint64_t answered = 0;
        std::array<std::uint32_t, kFailureGroupCount> failed{};
    };
    struct Attack {
        std::int64_t origin_ns = 0;
        std::map<std::int64_t, Cell> cells;
        std::int64_t span() const;
    };

    Cell& cell_at(Attack& attack, std::int64_t time_ns);
    bool too_many(const Attack& attack) const;
    void widen();
    static void fill(PlotInterval& interval, const Cell& cell);

    Nanos width_ = kFirstWidth;
    std::size_t total_ = 0;
    std::vector<Attack> attacks_;
};

}  // namespace loadgen::reports
