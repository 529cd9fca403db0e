// Seeded randomness for load data. Not for secrets: those come from the operating system.
#pragma once

#include <cstdint>

namespace loadgen {

/// xoshiro256** 1.0 (Blackman and Vigna, 2018), seeded through SplitMix64. The same seed gives the same
/// stream on every machine. Not thread-safe: one stream a thread, split by `stream`.
class Random {
  public:
    explicit Random(std::uint64_t seed, std::uint64_t stream = 0);

    std::uint64_t next();
    /// Uniform in [0, 1), 53 bits.
    double uniform();
    /// Uniform in [0, bound), without modulo bias. bound > 0.
    std::uint64_t below(std::uint64_t bound);
    /// Exponentially distributed with mean 1 (gaps of a Poisson process of rate 1). Never 0, never infinite.
    double exponential();

  private:
    std::uint64_t state_[4];
};

/// Entropy from the operating system, for choosing a seed when the user gave none.
std::uint64_t entropy_seed();

}  // namespace loadgen
