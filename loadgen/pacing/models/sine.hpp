// Sine wave: rate(t) = mean + amplitude * sin(start + 2 pi t / period).
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "loadgen/pacing/models/rate_model.hpp"
#include "loadgen/pacing/rate.hpp"

namespace loadgen::pacing {

/// Where on the wave the phase starts: vegeta's four offsets.
enum class SineStart : std::uint8_t { kMeanUp, kPeak, kMeanDown, kTrough };

struct SineOptions {
    Rate mean;
    Rate amplitude;  ///< at most the mean: a rate is never negative
    Nanos period{};
    SineStart start = SineStart::kMeanUp;
    std::optional<Nanos> duration;  ///< endless without
};

/// Errors: kUsage when the mean or period is zero or the amplitude exceeds the mean.
Result<std::unique_ptr<RateModel>> make_sine(const SineOptions& options);

}  // namespace loadgen::pacing
