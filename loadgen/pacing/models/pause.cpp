#include "loadgen/pacing/models/pause.hpp"

#include "loadgen/pacing/models/constant.hpp"

namespace loadgen::pacing {

std::unique_ptr<RateModel> make_pause(Nanos duration) {
    return make_constant(Rate{}, duration);
}

}  // namespace loadgen::pacing
