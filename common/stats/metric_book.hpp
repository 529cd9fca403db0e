// Named counters, rates and histograms by period: what scenarios report, in Artillery's manner.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/base/time.hpp"
#include "common/stats/histogram.hpp"
#include "common/stats/packed_histogram.hpp"

namespace loadgen::stats {

/// Everything that happened in one period, by name.
struct MetricPeriod {
    std::map<std::string, std::uint64_t, std::less<>> counters;
    std::map<std::string, std::uint64_t, std::less<>> rates;  ///< events; divide by the seconds of the period
    std::map<std::string, PackedHistogram, std::less<>> histograms;
};

/// One thread's shard, or the merged whole. Names are interned once; recording is an index. At most kMaxNames
/// distinct names: further ones are counted in `refused_names` and dropped. When there are more than
/// kMaxPeriods, neighbours are merged and the period doubles. A copy is the same book, not another one. Not
/// thread-safe.
class MetricBook {
  public:
    enum class Kind : std::uint8_t { kCounter, kRate, kHistogram };
    using Id = std::uint32_t;
    static constexpr std::size_t kMaxNames = 10'000;
    static constexpr std::size_t kMaxPeriods = 8'640;
    static constexpr Id kRefused = UINT32_MAX;

    explicit MetricBook(Nanos period = std::chrono::seconds(10));

    /// The number of a metric; the same name may exist once a kind. kRefused when there are too many.
    Id intern(Kind kind, std::string_view name);

    /// `offset` counts from the start of the run. A call with kRefused does nothing. Times may go back within
    /// the current and the previous period; what is older counts into the previous one.
    void count(Id counter, std::uint64_t by, Nanos offset);
    void rate(Id rate, Nanos offset);
    void record(Id histogram, Nanos value, Nanos offset);

    /// Books must have been made with the same period.
    void merge(const MetricBook& other);

    Nanos period() const;
    std::size_t periods() const;
    MetricPeriod at(std::size_t period) const;  ///< empty names are left out
    MetricPeriod total() const;
    std::uint64_t refused_names() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace loadgen::stats
