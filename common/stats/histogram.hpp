// HDR histogram (Gil Tene's HdrHistogram): 3 significant digits over a wide range, exact merge.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>

#include "common/base/time.hpp"

namespace loadgen::stats {

/// Counts of values between 64 ns and 1 hour at 3 significant decimal digits, in nanoseconds.
///
/// Bucketing is HdrHistogram's with lowestDiscernibleValue 64, highestTrackableValue 3.6e12 and 3 digits:
/// values below 2048 * 64 ns are kept to 64 ns, larger ones to better than 0.1 %. Every histogram of the
/// project has the same bucketing, so merging adds counts and loses nothing. Values below 0 count as 0,
/// values above the range as the highest one (and `clamped()` says how many); min and max are exact.
///
/// Memory: counts live in segments of 1024 that are allocated when first hit, about 8 KiB per octave used,
/// never more than 220 KiB; recording into a warm segment allocates nothing. Not thread-safe: one writer, no
/// reader meanwhile; each thread owns its shard.
class Histogram {
  public:
    static constexpr std::int64_t kLowestDiscernible = 64;
    static constexpr std::int64_t kHighestTrackable = 3'600'000'000'000;
    static constexpr int kSignificantDigits = 3;

    Histogram();
    Histogram(const Histogram&);
    Histogram& operator=(const Histogram&);
    Histogram(Histogram&&) noexcept;
    Histogram& operator=(Histogram&&) noexcept;
    ~Histogram();

    void record(Nanos value) { record_n(value, 1); }
    void record_n(Nanos value, std::uint64_t times);
    /// Adds the counts of `other`: exact, commutative, associative.
    void merge(const Histogram& other);
    void reset();

    std::uint64_t count() const { return count_; }
    std::uint64_t clamped() const { return clamped_; }  ///< how many were above the range
    Nanos min() const;                                  ///< exact; 0 when empty
    Nanos max() const;                                  ///< exact; 0 when empty
    Nanos mean() const;                                 ///< exact sum / count; 0 when empty
    Nanos total() const;                ///< exact sum; the largest Nanos when it does not fit (292 years)
    double standard_deviation() const;  ///< nanoseconds, from bucket midpoints

    /// The smallest recorded value v (to bucket precision, never above max()) such that at least
    /// ceil(q * count) values are <= v. q in [0, 1]; 0 when empty.
    Nanos value_at(double q) const;
    /// How many recorded values are <= `value` (to bucket precision).
    std::uint64_t count_at_or_below(Nanos value) const;

    // -- Buckets, for codecs and plots. Indexes run from 0 to kIndexCount - 1 in order of value.
    static constexpr std::size_t kIndexCount = 27 * 1024;
    static std::size_t index_of(std::int64_t value_ns);
    static std::int64_t lowest_value_at(std::size_t index);
    static std::int64_t highest_value_at(std::size_t index);
    std::uint64_t count_at(std::size_t index) const;
    /// Adds `times` at a bucket, as a decoder does: min, max and sum become those of the bucket (its lowest
    /// value, its highest value within the range, its midpoint).
    void add_at(std::size_t index, std::uint64_t times);

  private:
    friend class PackedHistogram;  // keeps min, max and sum exact through packing

    static constexpr std::size_t kSegmentSize = 1024;
    using Segment = std::array<std::uint64_t, kSegmentSize>;
    __extension__ using WideSum = __int128;  // a day of saturated one-hour samples does not fit 64 bits

    Segment& segment(std::size_t number);
    double mean_of_midpoints() const;

    std::array<std::unique_ptr<Segment>, kIndexCount / kSegmentSize> segments_;
    std::uint64_t count_ = 0;
    std::uint64_t clamped_ = 0;
    std::int64_t min_ = std::numeric_limits<std::int64_t>::max();  // while empty
    std::int64_t max_ = 0;
    WideSum sum_ = 0;
};

}  // namespace loadgen::stats
