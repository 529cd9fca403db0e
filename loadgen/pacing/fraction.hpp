// The fraction of a request that one phase leaves to the next.
#pragma once

#include <cstdint>
#include <numeric>

namespace loadgen::pacing {

__extension__ typedef unsigned __int128 Uint128;
__extension__ typedef __int128 Int128;

/// num / den with 0 <= num < den, reduced, den <= kMaxDenominator. All models with rational rates keep it
/// exact; where that is impossible (a sine, or denominators past the limit) it is rounded down, so that the
/// next request comes late by less than a nanosecond's worth, never early.
struct Fraction {
    static constexpr std::uint64_t kMaxDenominator = std::uint64_t{1} << 62;
    /// Denominator of rounded fractions; shares its factors with nanosecond time units.
    static constexpr std::uint64_t kRounded = 1'000'000'000'000;

    std::uint64_t num = 0;
    std::uint64_t den = 1;

    /// num / den reduced; rounds down to kRounded parts when the reduced denominator is too large.
    static Fraction of(Uint128 num, Uint128 den) {
        Uint128 a = num;
        Uint128 b = den;
        while (b != 0) {
            const Uint128 rest = a % b;
            a = b;
            b = rest;
        }
        num /= a;
        den /= a;
        if (den <= kMaxDenominator) return {static_cast<std::uint64_t>(num), static_cast<std::uint64_t>(den)};
        while (den > (Uint128{1} << 80)) {
            num >>= 1;
            den = (den >> 1) + 1;
        }
        return of(num * kRounded / den, kRounded);
    }

    /// The fraction of a value known only as a floating-point number in [0, 1).
    static Fraction rounded_down(long double value) {
        if (value <= 0) return {};
        const auto parts = static_cast<std::uint64_t>(value * static_cast<long double>(kRounded));
        return of(parts < kRounded ? parts : kRounded - 1, kRounded);
    }

    long double value() const { return static_cast<long double>(num) / static_cast<long double>(den); }
    friend bool operator==(const Fraction&, const Fraction&) = default;
};

}  // namespace loadgen::pacing
