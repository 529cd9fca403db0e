// Pause: nothing is due; the accumulated fraction waits.
#pragma once

#include <memory>

#include "loadgen/pacing/models/rate_model.hpp"

namespace loadgen::pacing {

std::unique_ptr<RateModel> make_pause(Nanos duration);

}  // namespace loadgen::pacing
