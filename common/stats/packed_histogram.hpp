// A histogram at rest: about one or two bytes a used bucket instead of eight a possible one.
#pragma once

#include <cstdint>
#include <string>

#include "common/base/time.hpp"
#include "common/stats/histogram.hpp"

namespace loadgen::stats {

/// Everything that a Histogram holds, exactly (count, clamped, min, max, sum and every bucket), packed: gaps
/// and counts as variable-length integers. 50 000 samples spread over 7 octaves take 17 KB, ten
/// samples 30 bytes. Adding
/// unpacks and packs again, tens of microseconds: for intervals that are over, not for recording. Not
/// thread-safe.
class PackedHistogram {
  public:
    PackedHistogram() = default;
    explicit PackedHistogram(const Histogram& histogram);

    bool empty() const { return count_ == 0; }
    std::uint64_t count() const { return count_; }
    std::size_t bytes() const { return buckets_.size(); }

    void add(const Histogram& histogram);
    void add(const PackedHistogram& other);
    /// Merges what is packed here into `target`.
    void merge_into(Histogram& target) const;
    Histogram unpack() const;

  private:
    std::string buckets_;  // gap to the previous used bucket, count; in order of index
    std::uint64_t count_ = 0;
    std::uint64_t clamped_ = 0;
    std::int64_t min_ = 0;
    std::int64_t max_ = 0;
    Histogram::WideSum sum_ = 0;
};

}  // namespace loadgen::stats
