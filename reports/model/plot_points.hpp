// Thins a stream of (time, latency) points to a drawable number and never loses an extreme.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace loadgen::reports {

/// One request on the chart. Both in nanoseconds.
struct PlotPoint {
    std::int64_t time_ns = 0;
    std::int64_t latency_ns = 0;
    friend bool operator==(const PlotPoint&, const PlotPoint&) = default;
};

/// Keeps every point while there are at most `limit`; beyond that, the lowest and the highest of each slice
/// of time (what a chart that many pixels wide would show of all of them). Every point that comes out went
/// in; the extremes of each slice, and so of the whole, are among them.
///
/// Memory is bounded by `limit` (about 100 bytes a point), however many points are added and in whatever
/// order of time. A limit of 0 keeps everything. Not thread-safe.
class PointThinner {
  public:
    explicit PointThinner(std::size_t limit);

    void add(PlotPoint point);
    /// The points in order of time: all of them, or at most max(limit, 4).
    std::vector<PlotPoint> points() const;
    /// True once points have been left out.
    bool thinned() const { return thinned_; }

  private:
    struct Slice {
        PlotPoint low;
        PlotPoint high;
        bool used = false;
    };

    static void widen(Slice& slice, const Slice& other);
    void place(PlotPoint point);
    void make_room(std::int64_t index);
    void fold();

    std::size_t limit_;
    bool thinned_ = false;
    std::vector<PlotPoint> exact_;
    // Slices are 2^shift_ ns wide and aligned to multiples of that, so that folding two neighbours into one
    // is exact.
    int shift_ = 10;
    std::int64_t first_index_ = 0;
    std::vector<Slice> slices_;
};

}  // namespace loadgen::reports
