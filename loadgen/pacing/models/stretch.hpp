// One linear piece of a rate, solved exactly.
#pragma once

#include <cstdint>
#include <optional>

#include "common/base/time.hpp"
#include "loadgen/pacing/fraction.hpp"
#include "loadgen/pacing/rate.hpp"

namespace loadgen::pacing {

/// A rate that goes from `from` to `to` in `span`, walked only as far as `length` (<= span).
struct LinearPiece {
    Rate from;
    Rate to;
    Nanos span{};
    Nanos length{};
};

/// A LinearPiece with the fraction it starts with, over common whole-number terms: with rates a/p and b/p
/// (requests per nanosecond), span T and carry c/p, request k is due at the smallest t with
///     t (2 T a + (b - a) t) >= 2 T (k p - c).
/// All of it fits 192 bits, so the answer is the exact one; floating point only supplies the first guess.
class Stretch {
  public:
    Stretch() = default;
    /// `endless` walks a constant rate for ever; the piece's length is ignored.
    Stretch(const LinearPiece& piece, Fraction carry, bool endless);

    /// How many requests are due in it; the largest value when endless.
    std::uint64_t total() const { return total_; }
    /// The fraction accumulated at its end.
    Fraction carry_out() const { return carry_out_; }
    /// Due offset of request k, 1 <= k <= total(), not before `earliest`, which must not lie after the
    /// answer.
    std::int64_t due(std::uint64_t k, std::int64_t earliest) const;

  private:
    bool reached(std::int64_t t, std::uint64_t k) const;
    void find_end(bool endless);

    std::uint64_t a_ = 0;
    std::uint64_t b_ = 0;
    std::uint64_t p_ = 1;
    std::uint64_t c_ = 0;
    std::uint64_t span_ = 1;
    std::int64_t length_ = 0;
    std::uint64_t total_ = 0;
    Fraction carry_out_;
    long double start_rate_ = 0;    ///< requests per nanosecond, for the guess
    long double double_slope_ = 0;  ///< 2 (b - a) / (p T)
};

}  // namespace loadgen::pacing
