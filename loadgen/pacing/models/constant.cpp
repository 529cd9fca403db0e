#include "loadgen/pacing/models/constant.hpp"

#include "loadgen/pacing/models/piecewise.hpp"

namespace loadgen::pacing {

std::unique_ptr<RateModel> make_constant(Rate rate, std::optional<Nanos> duration) {
    if (!duration) return PiecewiseRate::endless(rate);
    return std::make_unique<PiecewiseRate>(std::vector<LinearPiece>{{rate, rate, *duration, *duration}});
}

}  // namespace loadgen::pacing
