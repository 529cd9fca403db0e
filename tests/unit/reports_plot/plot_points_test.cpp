#include "reports/model/plot_points.hpp"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace loadgen::reports {
namespace {

std::vector<PlotPoint> thin(const std::vector<PlotPoint>& points, std::size_t limit) {
    PointThinner thinner(limit);
    for (const PlotPoint& point : points) thinner.add(point);
    return thinner.points();
}

std::vector<PlotPoint> any_points() {
    // Times within a span drawn anew each time, so that cases fold anywhere between never and forty times.
    const auto span = std::int64_t{1} << *rc::gen::inRange(1, 60);
    const auto times =
        *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(-span, span));
    std::vector<PlotPoint> points;
    for (const std::int64_t time : times)
        points.push_back({time, *rc::gen::inRange<std::int64_t>(0, 1'000'000'000)});
    return points;
}

bool by_latency(const PlotPoint& a, const PlotPoint& b) {
    return a.latency_ns < b.latency_ns;
}

TEST(PointThinner, KeepsFewPointsAsTheyAreInOrderOfTime) {
    const std::vector<PlotPoint> points{{30, 3}, {10, 1}, {20, 2}, {20, 2}};
    EXPECT_EQ(thin(points, 4), (std::vector<PlotPoint>{{10, 1}, {20, 2}, {20, 2}, {30, 3}}));
}

TEST(PointThinner, LimitZeroKeepsEverything) {
    std::vector<PlotPoint> points;
    for (int i = 0; i < 20'000; ++i) points.push_back({i, i % 7});
    EXPECT_EQ(thin(points, 0), points);
}

TEST(PointThinner, FindsASpikeOfOneRequestAmongAMillion) {
    PointThinner thinner(100);
    for (std::int64_t i = 0; i < 1'000'000; ++i)
        thinner.add({i * 1000, i == 617'283 ? 5'000'000 : 1000 + i % 50});
    const auto points = thinner.points();
    EXPECT_LE(points.size(), 100u);
    EXPECT_NE(std::find(points.begin(), points.end(), PlotPoint{617'283'000, 5'000'000}), points.end());
}

TEST(PointThinner, SurvivesTimestampsAtBothEndsOfTheRange) {
    std::vector<PlotPoint> points{{std::numeric_limits<std::int64_t>::min(), 1},
                                  {std::numeric_limits<std::int64_t>::max(), 2}};
    for (int i = 0; i < 10; ++i) points.push_back({i, 3 + i});
    const auto thinned = thin(points, 4);
    EXPECT_LE(thinned.size(), 4u);
    EXPECT_EQ(std::min_element(thinned.begin(), thinned.end(), by_latency)->latency_ns, 1);
    EXPECT_EQ(std::max_element(thinned.begin(), thinned.end(), by_latency)->latency_ns, 12);
}

RC_GTEST_PROP(PointThinnerProperty, KeepsExtremesInventsNothingAndObeysTheLimit, ()) {
    const auto points = any_points();
    const auto limit = *rc::gen::inRange<std::size_t>(1, 40);
    const auto thinned = thin(points, limit);

    RC_ASSERT(thinned.size() <= std::max<std::size_t>(limit, 4));
    RC_ASSERT(std::is_sorted(thinned.begin(), thinned.end(),
                             [](const auto& a, const auto& b) { return a.time_ns < b.time_ns; }));
    for (const PlotPoint& point : thinned) {
        RC_ASSERT(std::find(points.begin(), points.end(), point) != points.end());
    }
    if (points.empty()) return;
    const auto [low, high] = std::minmax_element(points.begin(), points.end(), by_latency);
    const auto [kept_low, kept_high] = std::minmax_element(thinned.begin(), thinned.end(), by_latency);
    RC_ASSERT(low->latency_ns == kept_low->latency_ns);
    RC_ASSERT(high->latency_ns == kept_high->latency_ns);
}

// The promise in the header: each slice of time keeps its own extremes, not just the whole.
RC_GTEST_PROP(PointThinnerProperty, EachEvenSliceKeepsItsSlowest, ()) {
    PointThinner thinner(8);
    std::vector<PlotPoint> points;
    const int count = *rc::gen::inRange(9, 400);
    for (int i = 0; i < count; ++i) points.push_back({i * 1024, *rc::gen::inRange<std::int64_t>(1, 1000)});
    for (const PlotPoint& point : points) thinner.add(point);
    const auto thinned = thinner.points();
    // Four slices come out; a slow request is at most one internal slice (1/16 of the time) from an edge.
    for (const PlotPoint& point : points) {
        const auto reach = std::int64_t{count} * 1024 / 4 + std::int64_t{count} * 1024 / 8;
        const bool covered = std::any_of(thinned.begin(), thinned.end(), [&](const PlotPoint& kept) {
            return kept.latency_ns >= point.latency_ns && std::abs(kept.time_ns - point.time_ns) <= reach;
        });
        RC_ASSERT(covered);
    }
}

}  // namespace
}  // namespace loadgen::reports
