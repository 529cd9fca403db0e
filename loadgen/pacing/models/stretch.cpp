#include "loadgen/pacing/models/stretch.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include "loadgen/pacing/first_reached.hpp"

namespace loadgen::pacing {
namespace {

constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max() / 2;

std::uint64_t unsigned_of(Nanos value) {
    return static_cast<std::uint64_t>(value.count());
}

/// A 192-bit product; members in the order of comparison.
struct Wide {
    Uint128 high = 0;
    std::uint64_t low = 0;
    friend auto operator<=>(const Wide&, const Wide&) = default;
};

Wide multiply(Uint128 a, std::uint64_t b) {
    const Uint128 low = Uint128{static_cast<std::uint64_t>(a)} * b;
    return {(a >> 64) * b + (low >> 64), static_cast<std::uint64_t>(low)};
}

/// The least common multiple, or none past the denominator limit.
std::optional<std::uint64_t> common_multiple(std::uint64_t a, std::uint64_t b) {
    const Uint128 multiple = Uint128{a / std::gcd(a, b)} * b;
    if (multiple > Fraction::kMaxDenominator) return std::nullopt;
    return static_cast<std::uint64_t>(multiple);
}

struct Reduced {
    std::uint64_t count;
    std::uint64_t per;
};

Reduced reduce(const Rate& rate) {
    if (rate.is_zero()) return {0, 1};
    const std::uint64_t shared = std::gcd(rate.count, unsigned_of(rate.per));
    return {rate.count / shared, unsigned_of(rate.per) / shared};
}

}  // namespace

Stretch::Stretch(const LinearPiece& piece, Fraction carry, bool endless)
    : span_(unsigned_of(piece.span)), length_(piece.length.count()) {
    const Reduced from = reduce(piece.from);
    const Reduced to = reduce(piece.to);
    // Two rates whose units share no factor could overflow; then the higher precision is given up, downwards.
    const std::optional<std::uint64_t> rates = common_multiple(from.per, to.per);
    p_ = rates.value_or(Fraction::kRounded * 1'000'000);
    a_ = static_cast<std::uint64_t>(Uint128{from.count} * p_ / from.per);
    b_ = static_cast<std::uint64_t>(Uint128{to.count} * p_ / to.per);
    const std::optional<std::uint64_t> common = common_multiple(p_, carry.den);
    const std::uint64_t factor = common ? *common / p_ : Fraction::kMaxDenominator / p_;
    a_ *= factor;
    b_ *= factor;
    p_ *= factor;
    c_ = static_cast<std::uint64_t>(Uint128{carry.num} * p_ / carry.den);
    start_rate_ = static_cast<long double>(a_) / static_cast<long double>(p_);
    double_slope_ = 2 * (static_cast<long double>(b_) - static_cast<long double>(a_)) /
                    static_cast<long double>(p_) / static_cast<long double>(span_);
    find_end(endless);
}

void Stretch::find_end(bool endless) {
    if (endless) {
        length_ = kForever;
        total_ = a_ == 0 ? 0 : std::numeric_limits<std::uint64_t>::max();
        return;
    }
    const auto length = static_cast<std::uint64_t>(length_);
    if (a_ == b_ || length == span_) {
        const Uint128 area = Uint128{a_ + b_} * length + Uint128{2} * c_;  // in units of 1 / 2p
        const Uint128 unit = Uint128{2} * p_;
        total_ = static_cast<std::uint64_t>(area / unit);
        carry_out_ = Fraction::of(area % unit, unit);
        return;
    }
    // Cut inside a slope: the count stays exact, the fraction is rounded down.
    const long double t = static_cast<long double>(length);
    const long double area = static_cast<long double>(c_) / static_cast<long double>(p_) +
                             t * (start_rate_ + double_slope_ / 4 * t);
    const auto guess = static_cast<std::int64_t>(area);
    const std::int64_t first_missing = first_reached(1, guess + 2, guess + 1, [&](std::int64_t k) {
        return !reached(length_, static_cast<std::uint64_t>(k));
    });
    total_ = static_cast<std::uint64_t>(first_missing) - 1;
    carry_out_ = Fraction::rounded_down(area - static_cast<long double>(total_));
}

bool Stretch::reached(std::int64_t t, std::uint64_t k) const {
    const auto at = static_cast<std::uint64_t>(t);
    const Uint128 flat = Uint128{2} * span_ * a_;
    const Uint128 inner = b_ >= a_ ? flat + Uint128{b_ - a_} * at : flat - Uint128{a_ - b_} * at;
    return multiply(inner, at) >= multiply(Uint128{k} * p_ - c_, 2 * span_);
}

std::int64_t Stretch::due(std::uint64_t k, std::int64_t earliest) const {
    const Uint128 wanted = Uint128{k} * p_ - c_;
    if (a_ == b_) {
        if (wanted >> 64 == 0) {  // one hardware division instead of a library call
            const auto small = static_cast<std::uint64_t>(wanted);
            return static_cast<std::int64_t>(small / a_ + (small % a_ != 0));
        }
        const Uint128 at = (wanted + a_ - 1) / a_;
        return at > static_cast<Uint128>(kForever) ? kForever : static_cast<std::int64_t>(at);
    }
    const long double requests = static_cast<long double>(wanted) / static_cast<long double>(p_);
    const long double square = start_rate_ * start_rate_ + double_slope_ * requests;
    const long double root = square > 0 ? std::sqrt(square) : 0.0L;
    const long double exact = 2 * requests / (start_rate_ + root);
    const auto limit = static_cast<long double>(length_);
    const std::int64_t guess = exact < limit ? static_cast<std::int64_t>(std::ceil(exact)) : length_;
    return first_reached(earliest, length_, guess, [&](std::int64_t t) { return reached(t, k); });
}

}  // namespace loadgen::pacing
