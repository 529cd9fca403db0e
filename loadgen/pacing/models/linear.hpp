// Linear ramp: rate(t) = from + (to - from) t / T; up or down, from or to zero.
#pragma once

#include <memory>

#include "loadgen/pacing/models/rate_model.hpp"
#include "loadgen/pacing/rate.hpp"

namespace loadgen::pacing {

/// (from + to) / 2 * duration requests in all.
std::unique_ptr<RateModel> make_linear(Rate from, Rate to, Nanos duration);

}  // namespace loadgen::pacing
