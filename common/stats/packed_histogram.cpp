#include "common/stats/packed_histogram.hpp"

#include <algorithm>

#include "common/stats/zigzag.hpp"

namespace loadgen::stats {

PackedHistogram::PackedHistogram(const Histogram& histogram)
    : count_(histogram.count_),
      clamped_(histogram.clamped_),
      min_(histogram.min_),
      max_(histogram.max_),
      sum_(histogram.sum_) {
    if (count_ == 0) return;
    const std::size_t end = Histogram::index_of(max_) + 1;
    std::size_t previous = 0;
    for (std::size_t index = Histogram::index_of(min_); index < end; ++index) {
        const std::uint64_t times = histogram.count_at(index);
        if (times == 0) continue;
        append_zigzag(buckets_, static_cast<std::int64_t>(index - previous));
        append_zigzag(buckets_, static_cast<std::int64_t>(times));
        previous = index;
    }
    buckets_.shrink_to_fit();
}

void PackedHistogram::add(const Histogram& histogram) {
    if (histogram.count() == 0) return;
    if (empty()) {
        *this = PackedHistogram(histogram);
        return;
    }
    Histogram whole = unpack();
    whole.merge(histogram);
    *this = PackedHistogram(whole);
}

void PackedHistogram::add(const PackedHistogram& other) {
    if (other.empty()) return;
    if (empty()) {
        *this = other;
        return;
    }
    Histogram whole = unpack();
    other.merge_into(whole);
    *this = PackedHistogram(whole);
}

void PackedHistogram::merge_into(Histogram& target) const {
    if (empty()) return;
    std::size_t index = 0;
    for (std::size_t offset = 0; offset < buckets_.size();) {
        index += static_cast<std::size_t>(*take_zigzag(buckets_, offset));
        const auto times = static_cast<std::uint64_t>(*take_zigzag(buckets_, offset));
        target.segment(index / Histogram::kSegmentSize)[index % Histogram::kSegmentSize] += times;
    }
    target.count_ += count_;
    target.clamped_ += clamped_;
    target.min_ = std::min(target.min_, min_);
    target.max_ = std::max(target.max_, max_);
    target.sum_ += sum_;
}

Histogram PackedHistogram::unpack() const {
    Histogram histogram;
    merge_into(histogram);
    return histogram;
}

}  // namespace loadgen::stats
