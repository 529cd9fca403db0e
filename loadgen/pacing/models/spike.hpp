// Spike: base rate, but `peak` from `at` until `at + width`.
#pragma once

#include <memory>

#include "loadgen/pacing/models/rate_model.hpp"
#include "loadgen/pacing/rate.hpp"

namespace loadgen::pacing {

struct SpikeOptions {
    Rate base;
    Rate peak;
    Nanos at{};
    Nanos width{};
    Nanos duration{};
};

/// base * (duration - width) + peak * width requests. Error: kUsage when the spike does not lie inside.
Result<std::unique_ptr<RateModel>> make_spike(const SpikeOptions& options);

}  // namespace loadgen::pacing
