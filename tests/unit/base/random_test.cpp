#include "common/base/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace loadgen {
namespace {

// The stream number is mixed into the seed with SplitMix64; this seed cancels stream 0, so that the generator
// starts from SplitMix64(0), the state that published test vectors of xoshiro256** use.
constexpr std::uint64_t kSeedOfVectors = 0xe220a8397b1dcdaf;

TEST(Random, GivesThePublishedStreamOfXoshiro256StarStar) {
    Random random(kSeedOfVectors);
    for (const std::uint64_t expected : {11091344671253066420U, 13793997310169335082U, 1900383378846508768U,
                                         7684712102626143532U, 13521403990117723737U}) {
        EXPECT_EQ(random.next(), expected);
    }
}

TEST(Random, SameSeedSameStreamOtherStreamOtherNumbers) {
    Random one(7, 3);
    Random same(7, 3);
    Random other_stream(7, 4);
    Random other_seed(8, 3);
    int equal_to_other = 0;
    for (int i = 0; i < 1000; ++i) {
        const std::uint64_t value = one.next();
        EXPECT_EQ(same.next(), value);
        equal_to_other += value == other_stream.next() ? 1 : 0;
        equal_to_other += value == other_seed.next() ? 1 : 0;
    }
    EXPECT_EQ(equal_to_other, 0);
}

TEST(Random, UniformFillsTheUnitIntervalEvenly) {
    constexpr int kBins = 100;
    constexpr int kSamples = 1'000'000;
    std::array<int, kBins> bins{};
    Random random(1);
    for (int i = 0; i < kSamples; ++i) {
        const double value = random.uniform();
        ASSERT_GE(value, 0.0);
        ASSERT_LT(value, 1.0);
        ++bins[static_cast<std::size_t>(value * kBins)];
    }
    double chi_square = 0;
    for (const int count : bins) chi_square += std::pow(count - kSamples / kBins, 2) / (kSamples / kBins);
    EXPECT_LT(chi_square, 148.2);  // 99.9 % quantile of chi square with 99 degrees of freedom
    EXPECT_GT(chi_square, 60.0);   // more even than chance would be as suspicious
}

TEST(Random, BelowIsUnbiasedForBoundsThatDoNotDivideTheRange) {
    // Without rejection, values below 2^64 mod bound would come half as often again as the others.
    constexpr std::uint64_t kBound = std::uint64_t{3} << 62;
    Random random(2);
    int low = 0;
    constexpr int kSamples = 300'000;
    for (int i = 0; i < kSamples; ++i) {
        const std::uint64_t value = random.below(kBound);
        ASSERT_LT(value, kBound);
        low += value < (std::uint64_t{1} << 62) ? 1 : 0;
    }
    const double share = static_cast<double>(low) / kSamples;
    EXPECT_NEAR(share, 1.0 / 3.0, 0.004);  // 4.6 standard deviations
}

TEST(Random, BelowOneIsAlwaysZero) {
    Random random(3);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(random.below(1), 0U);
}

TEST(Random, ExponentialHasMeanAndVarianceOneAndTheRightTail) {
    Random random(4);
    constexpr int kSamples = 1'000'000;
    double sum = 0;
    double squares = 0;
    int beyond_three = 0;
    for (int i = 0; i < kSamples; ++i) {
        const double gap = random.exponential();
        ASSERT_GT(gap, 0.0);
        ASSERT_TRUE(std::isfinite(gap));
        sum += gap;
        squares += gap * gap;
        beyond_three += gap > 3.0 ? 1 : 0;
    }
    EXPECT_NEAR(sum / kSamples, 1.0, 0.005);
    EXPECT_NEAR(squares / kSamples, 2.0, 0.02);
    EXPECT_NEAR(static_cast<double>(beyond_three) / kSamples, std::exp(-3.0), 0.001);
}

TEST(Random, EntropySeedsDiffer) {
    EXPECT_NE(entropy_seed(), entropy_seed());
}

}  // namespace
}  // namespace loadgen
