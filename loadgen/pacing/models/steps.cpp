#include "loadgen/pacing/models/steps.hpp"

#include <numeric>
#include <vector>

#include "loadgen/pacing/models/piecewise.hpp"

namespace loadgen::pacing {
namespace {

/// The three rates in one unit, so that stairs are whole-number sums.
struct Stairs {
    std::uint64_t from;
    std::uint64_t by;
    std::uint64_t to;
    Nanos per;
};

Result<Stairs> in_one_unit(const StepsOptions& options) {
    Uint128 per = 1;
    for (const Rate& rate : {options.from, options.by, options.to}) {
        if (rate.is_zero()) continue;
        const auto unit = static_cast<std::uint64_t>(rate.per.count());
        per = per / std::gcd(static_cast<std::uint64_t>(per), unit) * unit;
        if (per > static_cast<Uint128>(kLongestSpan.count()))
            return Error{ErrorCode::kLimit, "the units of from, by and to share too few factors"};
    }
    const auto scaled = [&](const Rate& rate) {
        if (rate.is_zero()) return std::uint64_t{0};
        return rate.count * static_cast<std::uint64_t>(per / static_cast<Uint128>(rate.per.count()));
    };
    return Stairs{scaled(options.from), scaled(options.by), scaled(options.to),
                  Nanos(static_cast<std::int64_t>(per))};
}

}  // namespace

Result<std::unique_ptr<RateModel>> make_steps(const StepsOptions& options) {
    if (options.by.is_zero()) return Error{ErrorCode::kUsage, "by must be above zero"};
    if (options.every <= Nanos(0)) return Error{ErrorCode::kUsage, "every must be longer than zero"};
    const Result<Stairs> stairs = in_one_unit(options);
    if (!stairs) return stairs.error();
    const bool up = stairs->to >= stairs->from;
    const std::uint64_t height = up ? stairs->to - stairs->from : stairs->from - stairs->to;
    if (height / stairs->by >= kMaxSteps)
        return Error{ErrorCode::kLimit, "more than " + std::to_string(kMaxSteps) + " steps"};

    std::vector<LinearPiece> pieces;
    Nanos end{0};
    for (std::uint64_t climbed = 0;; climbed = std::min(climbed + stairs->by, height)) {
        const Rate rate{up ? stairs->from + climbed : stairs->from - climbed, stairs->per};
        Nanos length = options.every;
        if (options.duration) {
            const Nanos left = *options.duration - end;
            if (left <= Nanos(0)) break;
            length = climbed == height ? left : std::min(length, left);
        }
        pieces.push_back({rate, rate, length, length});
        end += length;
        if (climbed == height) break;
    }
    if (end > kLongestSpan) return Error{ErrorCode::kLimit, "the stairs take longer than 720h"};
    return std::unique_ptr<RateModel>(std::make_unique<PiecewiseRate>(std::move(pieces)));
}

}  // namespace loadgen::pacing
