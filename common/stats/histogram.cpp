#include "common/stats/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <utility>

namespace loadgen::stats {
namespace {

// HdrHistogram's bucketing: a value is kept as an 11-bit mantissa (2048 sub-buckets, the power of two above
// 2 * 10^digits) and a shift. Bucket 0 uses all of its sub-buckets, every later one only the upper half.
constexpr int kUnitMagnitude = 6;
constexpr int kSubBucketMagnitude = 11;
constexpr int kSubBucketHalfMagnitude = kSubBucketMagnitude - 1;
constexpr std::int64_t kSubBucketHalfCount = std::int64_t{1} << kSubBucketHalfMagnitude;
constexpr std::uint64_t kSubBucketMask = ((std::uint64_t{1} << kSubBucketMagnitude) - 1) << kUnitMagnitude;
constexpr int kLeadingZerosOfBucket0 = 64 - kUnitMagnitude - kSubBucketMagnitude;

static_assert(std::int64_t{1} << kUnitMagnitude == Histogram::kLowestDiscernible);

constexpr std::size_t index_in_range(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    const int bucket = kLeadingZerosOfBucket0 - std::countl_zero(bits | kSubBucketMask);
    const std::uint64_t sub_bucket = bits >> (bucket + kUnitMagnitude);
    return (static_cast<std::size_t>(bucket) << kSubBucketHalfMagnitude) + sub_bucket;
}

static_assert(index_in_range(Histogram::kHighestTrackable) < Histogram::kIndexCount);
static_assert(index_in_range(Histogram::kHighestTrackable) >= Histogram::kIndexCount - kSubBucketHalfCount,
              "no segment is there in vain");

constexpr int shift_of(std::size_t index) {
    const auto half = static_cast<int>(index >> kSubBucketHalfMagnitude);
    return std::max(half - 1, 0) + kUnitMagnitude;
}

constexpr std::int64_t width_of(std::size_t index) {
    return std::int64_t{1} << shift_of(index);
}

std::int64_t midpoint_of(std::size_t index) {
    return Histogram::lowest_value_at(index) + width_of(index) / 2;
}

}  // namespace

Histogram::Histogram() = default;
Histogram::~Histogram() = default;

Histogram::Histogram(const Histogram& other) {
    merge(other);
}

Histogram& Histogram::operator=(const Histogram& other) {
    if (this == &other) return *this;
    reset();
    merge(other);
    return *this;
}

Histogram::Histogram(Histogram&& other) noexcept {
    *this = std::move(other);
}

Histogram& Histogram::operator=(Histogram&& other) noexcept {
    if (this == &other) return *this;
    segments_ = std::move(other.segments_);
    count_ = std::exchange(other.count_, 0);
    clamped_ = std::exchange(other.clamped_, 0);
    min_ = std::exchange(other.min_, std::numeric_limits<std::int64_t>::max());
    max_ = std::exchange(other.max_, 0);
    sum_ = std::exchange(other.sum_, 0);
    return *this;
}

Histogram::Segment& Histogram::segment(std::size_t number) {
    std::unique_ptr<Segment>& slot = segments_[number];
    if (slot == nullptr) [[unlikely]]
        slot = std::make_unique<Segment>();
    return *slot;
}

void Histogram::record_n(Nanos value, std::uint64_t times) {
    if (times == 0) return;
    const std::int64_t raw = value.count();
    const std::int64_t kept = std::clamp(raw, std::int64_t{0}, kHighestTrackable);
    const std::size_t index = index_in_range(kept);
    segment(index / kSegmentSize)[index % kSegmentSize] += times;
    count_ += times;
    clamped_ += raw > kHighestTrackable ? times : 0;
    min_ = std::min(min_, kept);
    max_ = std::max(max_, kept);
    sum_ += static_cast<WideSum>(kept) * times;
}

void Histogram::merge(const Histogram& other) {
    for (std::size_t number = 0; number < segments_.size(); ++number) {
        if (other.segments_[number] == nullptr) continue;
        const Segment& source = *other.segments_[number];
        Segment& target = segment(number);
        for (std::size_t i = 0; i < kSegmentSize; ++i) target[i] += source[i];
    }
    count_ += other.count_;
    clamped_ += other.clamped_;
    min_ = std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
    sum_ += other.sum_;
}

void Histogram::reset() {
    for (const auto& slot : segments_) {
        if (slot != nullptr) slot->fill(0);
    }
    count_ = 0;
    clamped_ = 0;
    min_ = std::numeric_limits<std::int64_t>::max();
    max_ = 0;
    sum_ = 0;
}

Nanos Histogram::min() const {
    return Nanos(count_ == 0 ? 0 : min_);
}

Nanos Histogram::max() const {
    return Nanos(max_);
}

Nanos Histogram::mean() const {
    return Nanos(count_ == 0 ? 0 : static_cast<std::int64_t>(sum_ / count_));
}

Nanos Histogram::total() const {
    constexpr WideSum largest = Nanos::max().count();
    return Nanos(static_cast<std::int64_t>(std::min(sum_, largest)));
}

double Histogram::mean_of_midpoints() const {
    double sum = 0;
    for (std::size_t index = 0; index < kIndexCount; ++index) {
        const std::uint64_t times = count_at(index);
        if (times != 0) sum += static_cast<double>(midpoint_of(index)) * static_cast<double>(times);
    }
    return sum / static_cast<double>(count_);
}

double Histogram::standard_deviation() const {
    if (count_ == 0) return 0;
    const double mean = mean_of_midpoints();
    double squares = 0;
    for (std::size_t index = 0; index < kIndexCount; ++index) {
        const std::uint64_t times = count_at(index);
        if (times == 0) continue;
        const double distance = static_cast<double>(midpoint_of(index)) - mean;
        squares += distance * distance * static_cast<double>(times);
    }
    return std::sqrt(squares / static_cast<double>(count_));
}

Nanos Histogram::value_at(double q) const {
    if (count_ == 0) return Nanos(0);
    if (!(q > 0)) return Nanos(min_);  // not a number goes here too
    // One step down first: 0.07 * 100 is 7.000000000000001 in binary, and its ceiling would be rank 8.
    const double below = std::nextafter(std::min(q, 1.0), 0.0);
    const double wanted = std::ceil(below * static_cast<double>(count_));
    const std::uint64_t rank =
        q >= 1 ? count_ : std::clamp(static_cast<std::uint64_t>(wanted), std::uint64_t{1}, count_);
    if (rank == 1) return Nanos(min_);
    std::uint64_t seen = 0;
    for (std::size_t index = 0; index < kIndexCount; ++index) {
        seen += count_at(index);
        if (seen >= rank) return Nanos(std::min(highest_value_at(index), max_));
    }
    return Nanos(max_);
}

std::uint64_t Histogram::count_at_or_below(Nanos value) const {
    if (value.count() < 0) return 0;
    const std::size_t last = index_of(value.count());
    std::uint64_t seen = 0;
    for (std::size_t index = 0; index <= last; ++index) seen += count_at(index);
    return seen;
}

std::size_t Histogram::index_of(std::int64_t value_ns) {
    return index_in_range(std::clamp(value_ns, std::int64_t{0}, kHighestTrackable));
}

std::int64_t Histogram::lowest_value_at(std::size_t index) {
    assert(index < kIndexCount);
    const auto half = static_cast<std::int64_t>(index >> kSubBucketHalfMagnitude);
    const std::int64_t bucket = std::max<std::int64_t>(half - 1, 0);
    const std::int64_t sub_bucket = static_cast<std::int64_t>(index) - bucket * kSubBucketHalfCount;
    return sub_bucket << shift_of(index);
}

std::int64_t Histogram::highest_value_at(std::size_t index) {
    return lowest_value_at(index) + width_of(index) - 1;
}

std::uint64_t Histogram::count_at(std::size_t index) const {
    const auto& slot = segments_[index / kSegmentSize];
    return slot == nullptr ? 0 : (*slot)[index % kSegmentSize];
}

void Histogram::add_at(std::size_t index, std::uint64_t times) {
    assert(index < kIndexCount);
    if (times == 0) return;
    segment(index / kSegmentSize)[index % kSegmentSize] += times;
    count_ += times;
    min_ = std::min({min_, lowest_value_at(index), kHighestTrackable});
    max_ = std::max(max_, std::min(highest_value_at(index), kHighestTrackable));
    sum_ += static_cast<WideSum>(std::min(midpoint_of(index), kHighestTrackable)) * times;
}

}  // namespace loadgen::stats
