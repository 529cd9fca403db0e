#include "loadgen/pacing/models/linear.hpp"

#include "loadgen/pacing/models/piecewise.hpp"

namespace loadgen::pacing {

std::unique_ptr<RateModel> make_linear(Rate from, Rate to, Nanos duration) {
    return std::make_unique<PiecewiseRate>(std::vector<LinearPiece>{{from, to, duration, duration}});
}

}  // namespace loadgen::pacing
