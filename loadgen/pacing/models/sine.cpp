#include "loadgen/pacing/models/sine.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "loadgen/pacing/first_reached.hpp"

namespace loadgen::pacing {
namespace {

constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max() / 2;
constexpr long double kTwoPi = 2 * std::numbers::pi_v<long double>;

/// An integral this close below a whole number counts as having reached it at the end of the phase: some
/// units in the last place of long double, so that whole periods keep their last request.
long double tolerance(long double integral) {
    return 1e-15L + integral * 1e-17L;
}

long double per_nano(const Rate& rate) {
    return rate.is_zero() ? 0
                          : static_cast<long double>(rate.count) / static_cast<long double>(rate.per.count());
}

/// The integral is transcendental: evaluated in long double after whole periods are taken out (their
/// integral is mean * period), so its error does not grow with the length of the run.
class SineRate final : public RateModel {
  public:
    explicit SineRate(const SineOptions& options)
        : options_(options),
          mean_(per_nano(options.mean)),
          amplitude_(per_nano(options.amplitude)),
          period_(static_cast<long double>(options.period.count())),
          start_(static_cast<long double>(options.start) * kTwoPi / 4),
          cos_start_(std::array{1.0L, 0.0L, -1.0L, 0.0L}[static_cast<std::size_t>(options.start)]) {}

    void begin(Fraction carry) override {
        carry_ = carry.value();
        done_ = 0;
        last_ = 0;
        last_integral_ = 0;
        total_ = std::numeric_limits<std::uint64_t>::max();
        if (!options_.duration) return;
        const long double all = integral(options_.duration->count()) + carry_;
        total_ = static_cast<std::uint64_t>(all + tolerance(all));
    }

    std::optional<Nanos> advance(std::uint64_t& n) override {
        if (n > total_ - done_) {
            n -= total_ - done_;
            done_ = total_;
            return std::nullopt;
        }
        done_ += n;
        last_ = find(static_cast<long double>(done_) - carry_, static_cast<long double>(n));
        return Nanos(last_);
    }

    double rate_at(Nanos offset) const override {
        if (offset < Nanos(0) || (options_.duration && offset >= *options_.duration)) return 0;
        return static_cast<double>(1e9L * rate(static_cast<long double>(offset.count())));
    }

    std::optional<Nanos> duration() const override { return options_.duration; }

    Fraction carry_out() const override {
        if (!options_.duration) return {};
        return Fraction::rounded_down(integral(options_.duration->count()) + carry_ -
                                      static_cast<long double>(total_));
    }

    std::unique_ptr<RateModel> clone() const override { return std::make_unique<SineRate>(*this); }

  private:
    long double angle(long double t) const { return start_ + kTwoPi * t / period_; }
    long double rate(long double t) const { return mean_ + amplitude_ * std::sin(angle(t)); }

    long double integral(std::int64_t t) const {
        const auto within = static_cast<long double>(t % options_.period.count());
        return mean_ * static_cast<long double>(t) +
               amplitude_ * period_ / kTwoPi * (cos_start_ - std::cos(angle(within)));
    }

    /// For steps towards the answer; the answer itself rests on `integral`.
    long double rough_rate(long double t) const {
        return std::max(
            mean_ + amplitude_ * static_cast<long double>(std::sin(static_cast<double>(angle(t)))),
            mean_ / 1000);
    }

    /// The first nanosecond at which the integral has reached `wanted`, from the last due instant on.
    std::int64_t find(long double wanted, long double n) {
        const std::int64_t end = options_.duration ? options_.duration->count() : kForever;
        const auto low = static_cast<long double>(last_);
        // Where the wave is flat at zero Newton would leap: never further than n at a tenth of the mean.
        const long double longest = 10 * n / mean_;
        // Below `noise` requests per nanosecond the rounding of the integral decides; below `steep` its
        // curvature could, or `rough_rate` has stopped following it.
        const long double noise = 1e-16L * (1 + wanted + amplitude_ * period_);
        const long double steep = std::max({noise, 100 * amplitude_ * kTwoPi / period_, mean_ / 1000});
        long double guess = low + std::min(longest, (wanted - last_integral_) / rough_rate(low));
        std::int64_t at = last_;
        for (int i = 0; i < 3 && guess < static_cast<long double>(end); ++i) {
            at = static_cast<std::int64_t>(std::ceil(guess));
            const long double value = integral(at);
            const long double slope = rough_rate(static_cast<long double>(at));
            // Reached here, and not yet a nanosecond before: the usual case.
            if (value >= wanted && value - wanted < 0.99L * slope && slope > steep) {
                last_integral_ = value;
                return at;
            }
            guess = std::clamp(static_cast<long double>(at) + (wanted - value) / slope, low, low + longest);
        }
        at = search(wanted, std::min(guess, static_cast<long double>(end)), end, noise);
        last_integral_ = integral(at);
        return at;
    }

    std::int64_t search(long double wanted, long double guess, std::int64_t end, long double noise) const {
        const auto start = static_cast<std::int64_t>(std::ceil(guess));
        const auto reached = [&](std::int64_t t) { return integral(t) >= wanted; };
        const std::int64_t due = first_reached(last_, end, start, reached);
        // Where the rate is next to nothing the integral is flat and its rounding decides. Then the answer
        // comes from a bracket that does not depend on the walk, so that all shares agree on it.
        if (due == end || rate(static_cast<long double>(due)) > noise) return due;
        const std::int64_t period = options_.period.count();
        const std::int64_t trough = (3 - static_cast<std::int64_t>(options_.start)) * period / 4;
        const std::int64_t turn = (due - trough + period + period / 2) / period - 1;
        const std::int64_t from = std::max<std::int64_t>(0, trough + turn * period - period / 2);
        const std::int64_t to = std::min(end, from + period);
        return std::max(last_, first_reached(from, to, from + (to - from) / 2, reached));
    }

    SineOptions options_;
    long double mean_;
    long double amplitude_;
    long double period_;
    long double start_;
    long double cos_start_;
    long double carry_ = 0;
    std::uint64_t done_ = 0;
    std::uint64_t total_ = 0;
    std::int64_t last_ = 0;          ///< the last due instant
    long double last_integral_ = 0;  ///< up to it, without the carry
};

}  // namespace

Result<std::unique_ptr<RateModel>> make_sine(const SineOptions& options) {
    if (options.mean.is_zero()) return Error{ErrorCode::kUsage, "mean must be above zero"};
    if (options.period <= Nanos(0)) return Error{ErrorCode::kUsage, "period must be longer than zero"};
    if (per_nano(options.amplitude) > per_nano(options.mean))
        return Error{ErrorCode::kUsage, "amplitude " + format_rate(options.amplitude) + " exceeds the mean " +
                                            format_rate(options.mean) + "; the rate would be negative"};
    return std::unique_ptr<RateModel>(std::make_unique<SineRate>(options));
}

}  // namespace loadgen::pacing
