// Constant rate: request k is due at ceil(k * per / count). No drift however long the run.
#pragma once

#include <memory>
#include <optional>

#include "loadgen/pacing/models/rate_model.hpp"
#include "loadgen/pacing/rate.hpp"

namespace loadgen::pacing {

/// `rate` for `duration`, or without end. A zero rate is silence and needs a duration.
std::unique_ptr<RateModel> make_constant(Rate rate, std::optional<Nanos> duration);

}  // namespace loadgen::pacing
