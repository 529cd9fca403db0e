// Staircase: rate(t) = from + by * floor(t / every), up or down, until it has been at `to` for one step.
#pragma once

#include <memory>
#include <optional>

#include "loadgen/pacing/models/rate_model.hpp"
#include "loadgen/pacing/rate.hpp"

namespace loadgen::pacing {

/// The most stairs one phase may have.
inline constexpr std::uint64_t kMaxSteps = 100'000;

struct StepsOptions {
    Rate from;
    Rate by;  ///< the height of a stair, always positive; the direction comes from `from` and `to`
    Rate to;  ///< the last stair; one that would overshoot stops exactly here
    Nanos every{};
    std::optional<Nanos> duration;  ///< cuts the stairs short, or holds the last one longer
};

/// Errors: kUsage when `by` or `every` is zero, kLimit for more than kMaxSteps stairs.
Result<std::unique_ptr<RateModel>> make_steps(const StepsOptions& options);

}  // namespace loadgen::pacing
