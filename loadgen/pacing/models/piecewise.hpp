// A rate made of linear pieces: the ground that constant, linear, steps, spike and curve stand on.
#pragma once

#include <memory>
#include <vector>

#include "loadgen/pacing/models/rate_model.hpp"
#include "loadgen/pacing/models/stretch.hpp"

namespace loadgen::pacing {

/// Walks its pieces in turn with exact arithmetic (see Stretch). Pieces have span >= length > 0; zero rates
/// are silence.
class PiecewiseRate final : public RateModel {
  public:
    explicit PiecewiseRate(std::vector<LinearPiece> pieces);
    /// One constant rate without end.
    static std::unique_ptr<PiecewiseRate> endless(Rate rate);

    void begin(Fraction carry) override;
    std::optional<Nanos> advance(std::uint64_t& n) override;
    double rate_at(Nanos offset) const override;
    std::optional<Nanos> duration() const override;
    Fraction carry_out() const override;
    std::unique_ptr<RateModel> clone() const override;

  private:
    std::shared_ptr<const std::vector<LinearPiece>> pieces_;  ///< curves can be long; copies share them
    bool endless_ = false;
    Nanos duration_{};
    Fraction carry_in_;
    // Where the walk stands:
    std::size_t index_ = 0;
    Nanos piece_start_{};
    Stretch stretch_;
    std::uint64_t done_ = 0;     ///< requests of the present piece handed out
    std::int64_t last_due_ = 0;  ///< within the present piece
};

}  // namespace loadgen::pacing
