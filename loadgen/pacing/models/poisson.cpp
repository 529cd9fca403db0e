#include "loadgen/pacing/models/poisson.hpp"

#include <cmath>
#include <limits>

#include "common/base/random.hpp"

namespace loadgen::pacing {
namespace {

class PoissonArrivals final : public RateModel {
  public:
    PoissonArrivals(Rate rate, std::optional<Nanos> duration, std::uint64_t seed, std::uint64_t stream)
        : rate_(rate),
          duration_(duration),
          seed_(seed),
          stream_(stream),
          random_(seed, stream),
          mean_gap_(static_cast<double>(rate.per.count()) / static_cast<double>(rate.count)) {}

    void begin(Fraction carry) override {
        carry_ = carry;
        random_ = Random(seed_, stream_);
        whole_ = 0;
        part_ = 0;
        ended_ = false;
    }

    std::optional<Nanos> advance(std::uint64_t& n) override {
        const std::int64_t end =
            duration_ ? duration_->count() : std::numeric_limits<std::int64_t>::max() / 2;
        while (!ended_) {
            // The sum is kept as whole nanoseconds and a fraction: a double alone would coarsen with time.
            const double gap = part_ + random_.exponential() * mean_gap_;
            const double floor = std::floor(gap);
            whole_ += static_cast<std::int64_t>(floor);
            part_ = gap - floor;
            const std::int64_t due = whole_ + (part_ > 0 ? 1 : 0);
            if (due > end) {
                ended_ = true;
            } else if (--n == 0) {
                n = 1;
                return Nanos(due);
            }
        }
        return std::nullopt;
    }

    double rate_at(Nanos offset) const override {
        return offset < Nanos(0) || (duration_ && offset >= *duration_) ? 0 : rate_.per_second();
    }
    std::optional<Nanos> duration() const override { return duration_; }
    Fraction carry_out() const override { return carry_; }
    std::unique_ptr<RateModel> clone() const override { return std::make_unique<PoissonArrivals>(*this); }

  private:
    Rate rate_;
    std::optional<Nanos> duration_;
    std::uint64_t seed_;
    std::uint64_t stream_;
    Random random_;
    double mean_gap_;
    Fraction carry_;
    std::int64_t whole_ = 0;
    double part_ = 0;
    bool ended_ = false;
};

}  // namespace

std::unique_ptr<RateModel> make_poisson(Rate rate, std::optional<Nanos> duration, std::uint64_t seed,
                                        std::uint64_t stream) {
    return std::make_unique<PoissonArrivals>(rate, duration, seed, stream);
}

}  // namespace loadgen::pacing
