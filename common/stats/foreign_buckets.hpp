// Internal to the HDR codec: the bucketing of a histogram that somebody else recorded.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "common/stats/hdr_codec.hpp"

namespace loadgen::stats {

/// HdrHistogram's bucketing for any settings, as far as decoding needs it.
class ForeignBuckets {
  public:
    explicit ForeignBuckets(const HdrLayout& layout) {
        unit_magnitude_ = width_in_bits(static_cast<std::uint64_t>(layout.lowest_discernible)) - 1;
        std::uint64_t single_unit_range = 2;
        for (int i = 0; i < layout.significant_digits; ++i) single_unit_range *= 10;
        half_magnitude_ = width_in_bits(single_unit_range - 1) - 1;
        fits_ = unit_magnitude_ + half_magnitude_ <= 61;
        if (!fits_) return;
        const auto highest = static_cast<std::uint64_t>(layout.highest_trackable);
        const int bits_of_bucket_0 = unit_magnitude_ + half_magnitude_ + 1;
        const int buckets = std::max(width_in_bits(highest) - bits_of_bucket_0, 0) + 1;
        index_count_ = static_cast<std::size_t>(buckets + 1) << half_magnitude_;
    }

    bool fits() const { return fits_; }
    std::size_t index_count() const { return index_count_; }
    bool same_as_ours() const { return unit_magnitude_ == 6 && half_magnitude_ == 10; }

    /// The value that stands for a bucket: its middle, or the value itself where the bucket holds only one.
    double value_of(std::size_t index) const {
        const auto bucket = std::max(static_cast<int>(index >> half_magnitude_) - 1, 0);
        const std::size_t sub_bucket = index - (static_cast<std::size_t>(bucket) << half_magnitude_);
        const int shift = bucket + unit_magnitude_;
        const double middle = shift == 0 ? 0.0 : 0.5;
        return std::ldexp(static_cast<double>(sub_bucket) + middle, shift);
    }

  private:
    static int width_in_bits(std::uint64_t value) { return 64 - std::countl_zero(value); }

    int unit_magnitude_ = 0;
    int half_magnitude_ = 0;
    std::size_t index_count_ = 0;
    bool fits_ = false;
};

}  // namespace loadgen::stats
