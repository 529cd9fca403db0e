// Curve: the rate runs in straight lines through the points of a CSV file.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/pacing/models/rate_model.hpp"
#include "loadgen/pacing/rate.hpp"

namespace loadgen::pacing {

inline constexpr std::size_t kMaxCurvePoints = 1'000'000;

struct CurvePoint {
    Nanos at{};
    Rate rate;
    friend bool operator==(const CurvePoint&, const CurvePoint&) = default;
};

/// Lines "time,rate": the time as seconds ("1.5") or a duration ("90s"), ascending and starting at 0; the
/// rate as parse_rate reads it, a bare number being per second and 0 silence. Two points at one time are a
/// jump. A first line of words is a heading; blank lines and '#' lines are skipped. Errors:
/// "name:line:column: ...".
Result<std::vector<CurvePoint>> parse_curve(std::string_view text, const std::string& name);

/// Needs two points or more. Lasts until the last point, or for `duration`: shorter cuts, longer holds the
/// last rate.
std::unique_ptr<RateModel> make_curve(const std::vector<CurvePoint>& points, std::optional<Nanos> duration);

}  // namespace loadgen::pacing
