#include "reports/model/plot_points.hpp"

#include <algorithm>
#include <cmath>

namespace loadgen::reports {
namespace {

bool earlier(const PlotPoint& a, const PlotPoint& b) {
    return a.time_ns != b.time_ns ? a.time_ns < b.time_ns : a.latency_ns < b.latency_ns;
}

// The slices are finer than what comes out by this factor, so that the last step can cut the covered time
// evenly.
constexpr std::size_t kOversampling = 2;

}  // namespace

PointThinner::PointThinner(std::size_t limit) : limit_(limit == 0 ? 0 : std::max<std::size_t>(limit, 4)) {}

void PointThinner::add(PlotPoint point) {
    if (thinned_) return place(point);
    exact_.push_back(point);
    if (limit_ == 0 || exact_.size() <= limit_) return;
    thinned_ = true;
    for (const PlotPoint& kept : exact_) place(kept);
    exact_ = {};
}

void PointThinner::widen(Slice& slice, const Slice& other) {
    if (!other.used) return;
    if (!slice.used) {
        slice = other;
        return;
    }
    if (other.low.latency_ns < slice.low.latency_ns) slice.low = other.low;
    if (other.high.latency_ns > slice.high.latency_ns) slice.high = other.high;
}

void PointThinner::place(PlotPoint point) {
    make_room(point.time_ns >> shift_);
    const std::int64_t index = point.time_ns >> shift_;  // make_room may have changed the shift
    widen(slices_[static_cast<std::size_t>(index - first_index_)], Slice{point, point, true});
}

void PointThinner::make_room(std::int64_t index) {
    if (slices_.empty()) {
        first_index_ = index;
        slices_.resize(1);
        return;
    }
    const std::size_t most = limit_ * kOversampling;
    for (;;) {
        const std::int64_t last = first_index_ + static_cast<std::int64_t>(slices_.size()) - 1;
        const std::int64_t low = std::min(first_index_, index);
        const std::int64_t high = std::max(last, index);
        // Unsigned, because the distance between two hostile timestamps does not fit the signed type.
        const std::uint64_t span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
        if (span < most) {
            slices_.insert(slices_.begin(), static_cast<std::size_t>(first_index_ - low), Slice{});
            slices_.resize(static_cast<std::size_t>(span) + 1);
            first_index_ = low;
            return;
        }
        fold();
        index >>= 1;
    }
}

void PointThinner::fold() {
    const std::int64_t folded_first = first_index_ >> 1;
    std::vector<Slice> folded(slices_.size() / 2 + 1);
    for (std::size_t i = 0; i < slices_.size(); ++i) {
        const std::int64_t index = (first_index_ + static_cast<std::int64_t>(i)) >> 1;
        widen(folded[static_cast<std::size_t>(index - folded_first)], slices_[i]);
    }
    while (!folded.empty() && !folded.back().used) folded.pop_back();
    slices_ = std::move(folded);
    first_index_ = folded_first;
    ++shift_;
}

std::vector<PlotPoint> PointThinner::points() const {
    std::vector<PlotPoint> result = exact_;
    for (const Slice& slice : slices_) {
        if (!slice.used) continue;
        result.push_back(slice.low);
        if (slice.high != slice.low) result.push_back(slice.high);
    }
    std::sort(result.begin(), result.end(), earlier);
    if (!thinned_ || result.size() <= limit_) return result;

    const double start = static_cast<double>(result.front().time_ns);
    const double span = static_cast<double>(result.back().time_ns) - start;
    std::vector<Slice> even(limit_ / 2);
    for (const PlotPoint& point : result) {
        const double share = span > 0 ? (static_cast<double>(point.time_ns) - start) / span : 0;
        const double position = std::floor(share * static_cast<double>(even.size()));
        const auto index = std::min(static_cast<std::size_t>(position), even.size() - 1);
        widen(even[index], Slice{point, point, true});
    }
    result.clear();
    for (const Slice& slice : even) {
        if (!slice.used) continue;
        result.push_back(std::min(slice.low, slice.high, earlier));
        if (slice.high != slice.low) result.push_back(std::max(slice.low, slice.high, earlier));
    }
    return result;
}

}  // namespace loadgen::reports
