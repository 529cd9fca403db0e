// What happened when: counters and histograms of a run by interval, in memory that does not grow with its
// length.
//
// Both series start at a fixed step and hold a fixed number of intervals. When something falls behind the
// last one, neighbours are merged in pairs and the step doubles: nothing is lost but resolution, and
// intervals of different series keep nesting because every step is the first one times a power of two.
// Merging two series first brings both to the coarser step; the result equals recording everything in one
// series.
//
// Offsets count from the start of the run; below 0 they count as 0. Not thread-safe: each thread owns its
// own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/base/time.hpp"
#include "common/stats/histogram.hpp"
#include "common/stats/packed_histogram.hpp"

namespace loadgen::stats {

struct IntervalCounters {
    std::uint64_t sent = 0;
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;

    IntervalCounters& operator+=(const IntervalCounters& other);
    friend bool operator==(const IntervalCounters&, const IntervalCounters&) = default;
};

/// Counters per interval: 40 bytes each, 1.4 MB for the first hour at 100 ms, and never more.
class CounterSeries {
  public:
    static constexpr std::size_t kDefaultCapacity = 36'000;

    /// step > 0; capacity >= 2, rounded up to even.
    explicit CounterSeries(Nanos step = std::chrono::milliseconds(100),
                           std::size_t capacity = kDefaultCapacity);

    void add(Nanos offset, const IntervalCounters& counters);
    /// Both must have been made with the same step; the larger capacity is kept.
    void merge(const CounterSeries& other);

    Nanos step() const { return step_; }  ///< now
    std::size_t size() const { return intervals_.size(); }
    const IntervalCounters& at(std::size_t interval) const { return intervals_[interval]; }

  private:
    void halve();

    Nanos first_step_;
    Nanos step_;
    std::size_t capacity_;
    std::vector<IntervalCounters> intervals_;  // up to the last one touched
};

/// Histograms per interval. The kLive intervals touched last are open for recording (each up to 220 KiB,
/// reused); the others rest packed, at most some 20 KB each. Recording into an open interval costs a
/// comparison more than Histogram::record; opening another one packs the one that was idle longest, so
/// samples may come late, as long as they do not hop between more than kLive intervals.
class HistogramSeries {
  public:
    static constexpr std::size_t kDefaultCapacity = 1'800;
    static constexpr std::size_t kLive = 4;

    /// step > 0; capacity >= 2, rounded up to even.
    explicit HistogramSeries(Nanos step = std::chrono::seconds(1), std::size_t capacity = kDefaultCapacity);

    void record(Nanos offset, Nanos value);
    /// Both must have been made with the same step; the larger capacity is kept.
    void merge(const HistogramSeries& other);

    Nanos step() const { return step_; }  ///< now
    std::size_t size() const { return resting_.size(); }
    Histogram at(std::size_t interval) const;
    /// Bytes of the packed intervals.
    std::size_t packed_bytes() const;

  private:
    struct Live {
        std::size_t interval = 0;
        std::uint64_t last_use = 0;  // 0 = closed
        Histogram histogram;
    };

    Live& open(std::size_t interval);
    void close(Live& live);
    void close_all();
    void halve();

    Nanos first_step_;
    Nanos step_;
    std::size_t capacity_;
    std::uint64_t uses_ = 0;
    std::size_t newest_ = 0;  // the one of live_ that was opened last
    std::array<Live, kLive> live_;
    std::vector<PackedHistogram> resting_;  // up to the last interval touched; without what live_ holds
};

}  // namespace loadgen::stats
