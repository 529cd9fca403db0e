// The arrivals are a Poisson process by its textbook properties, for fixed seeds.
#include "loadgen/pacing/models/poisson.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support.hpp"

namespace loadgen::pacing {
namespace {

std::vector<std::int64_t> arrivals(std::uint64_t seed, std::uint64_t stream, std::int64_t duration_s) {
    return walk(make_poisson({1000, seconds(1)}, seconds(duration_s), seed, stream));
}

/// Kolmogorov-Smirnov distance of the gaps from 1 - exp(-x / mean), times sqrt(n).
double ks_statistic(const std::vector<std::int64_t>& dues, double mean_ns) {
    std::vector<double> gaps;
    for (std::size_t i = 1; i < dues.size(); ++i) gaps.push_back(static_cast<double>(dues[i] - dues[i - 1]));
    std::sort(gaps.begin(), gaps.end());
    const double n = static_cast<double>(gaps.size());
    double distance = 0;
    for (std::size_t i = 0; i < gaps.size(); ++i) {
        const double expected = 1 - std::exp(-gaps[i] / mean_ns);
        const double place = static_cast<double>(i);
        distance = std::max({distance, expected - place / n, (place + 1) / n - expected});
    }
    return distance * std::sqrt(n);
}

class PoissonSeeds : public testing::TestWithParam<std::uint64_t> {};

TEST_P(PoissonSeeds, GapsAreExponential) {
    const auto dues = arrivals(GetParam(), 1, 50);
    EXPECT_LT(ks_statistic(dues, 1e6), 1.95);    // 0.1 % point of the Kolmogorov distribution
    EXPECT_GT(ks_statistic(dues, 1.1e6), 1.95);  // and the test would notice a rate 10 % off
}

TEST_P(PoissonSeeds, CountsPerIntervalHaveMeanEqualToVariance) {
    const auto dues = arrivals(GetParam(), 2, 100);
    std::vector<double> counts(10'000);  // of 10 ms each: 10 expected
    for (const std::int64_t due : dues) counts[static_cast<std::size_t>((due - 1) / 10'000'000)] += 1;
    double mean = 0;
    for (const double count : counts) mean += count / 10'000;
    double variance = 0;
    for (const double count : counts) variance += (count - mean) * (count - mean) / 9'999;
    EXPECT_NEAR(mean, 10, 4 * std::sqrt(10.0 / 10'000));          // four standard errors
    EXPECT_NEAR(variance / mean, 1, 4 * std::sqrt(2.0 / 9'999));  // dispersion test
}

INSTANTIATE_TEST_SUITE_P(Fixed, PoissonSeeds, testing::Values(1, 2, 3, 42, 20260101));

TEST(Poisson, SeedAndStreamDecide) {
    EXPECT_EQ(arrivals(5, 1, 1), arrivals(5, 1, 1));
    EXPECT_NE(arrivals(5, 1, 1), arrivals(5, 2, 1));
    EXPECT_NE(arrivals(5, 1, 1), arrivals(6, 1, 1));
}

TEST(Poisson, TwoPhasesOfALoadAreIndependent) {
    const auto load = load_of({"poisson rate=100/s for=1s", "poisson rate=100/s for=1s"});
    ASSERT_TRUE(load);
    const auto dues = walk(*load->schedule);
    const auto second = std::upper_bound(dues.begin(), dues.end(), kSecond);
    EXPECT_NE(*second - kSecond, dues.front());
}

}  // namespace
}  // namespace loadgen::pacing
