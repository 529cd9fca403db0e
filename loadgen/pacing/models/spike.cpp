#include "loadgen/pacing/models/spike.hpp"

#include <vector>

#include "common/base/duration_text.hpp"
#include "loadgen/pacing/models/piecewise.hpp"

namespace loadgen::pacing {

Result<std::unique_ptr<RateModel>> make_spike(const SpikeOptions& options) {
    const Nanos end = options.at + options.width;
    if (options.width <= Nanos(0)) return Error{ErrorCode::kUsage, "width must be longer than zero"};
    if (options.at < Nanos(0) || end > options.duration)
        return Error{ErrorCode::kUsage, "the spike ends at " + format_duration(end) +
                                            ", after the end of the phase at " +
                                            format_duration(options.duration)};
    std::vector<LinearPiece> pieces;
    const auto add = [&](const Rate& rate, Nanos length) {
        if (length > Nanos(0)) pieces.push_back({rate, rate, length, length});
    };
    add(options.base, options.at);
    add(options.peak, options.width);
    add(options.base, options.duration - end);
    return std::unique_ptr<RateModel>(std::make_unique<PiecewiseRate>(std::move(pieces)));
}

}  // namespace loadgen::pacing
