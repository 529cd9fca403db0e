#include "loadgen/pacing/models/curve.hpp"

#include <algorithm>
#include <cctype>

#include "loadgen/pacing/decimal_time.hpp"
#include "loadgen/pacing/models/piecewise.hpp"
#include "loadgen/pacing/text_lines.hpp"

namespace loadgen::pacing {
namespace {

Error curve_error(const TextLine& line, const std::string& name, std::size_t column, std::string why,
                  ErrorCode code = ErrorCode::kSyntax) {
    return {code, line.place(name, column) + std::move(why)};
}

bool is_heading(std::string_view text) {
    return std::isalpha(static_cast<unsigned char>(text.front())) != 0 && text != "infinity";
}

Result<CurvePoint> parse_point(const TextLine& line, const std::string& name) {
    const std::size_t comma = line.text.find(',');
    if (comma == line.text.npos)
        return curve_error(
            line, name, 1,
            "bad point \"" + quoted_start(line.text) + "\"; expected time,rate such as 30s,100");
    const std::string_view time_text = trim(line.text.substr(0, comma));
    const std::string_view rate_text = trim(line.text.substr(comma + 1));
    const std::optional<Nanos> at = parse_offset(time_text);
    if (!at || *at < Nanos(0))
        return curve_error(line, name, 1,
                           "bad time \"" + quoted_start(time_text) +
                               "\"; expected seconds such as 1.5 or a duration such as 90s");
    if (*at > kLongestSpan)
        return curve_error(line, name, 1, "the time must not exceed 720h", ErrorCode::kLimit);
    const Result<Rate> rate = parse_rate(quoted_start(rate_text));
    if (!rate) return curve_error(line, name, comma + 2, rate.error().message, rate.error().code);
    if (rate_text == "infinity")
        return curve_error(line, name, comma + 2, "bad rate \"infinity\": a curve needs numbers");
    return CurvePoint{*at, *rate};
}

}  // namespace

Result<std::vector<CurvePoint>> parse_curve(std::string_view text, const std::string& name) {
    std::vector<CurvePoint> points;
    TextLines lines(text);
    bool first_line = true;
    while (const std::optional<TextLine> line = lines.next()) {
        const bool heading = first_line && is_heading(line->text);
        first_line = false;
        if (heading) continue;
        const Result<CurvePoint> point = parse_point(*line, name);
        if (!point) return point.error();
        if (points.empty() && point->at != Nanos(0))
            return curve_error(*line, name, 1, "the first point must be at time 0");
        if (!points.empty() && point->at < points.back().at)
            return curve_error(*line, name, 1, "the time lies before the point above; times must ascend");
        if (points.size() == kMaxCurvePoints)
            return curve_error(*line, name, 1, "more than " + std::to_string(kMaxCurvePoints) + " points",
                               ErrorCode::kLimit);
        points.push_back(*point);
    }
    if (points.size() < 2 || points.back().at == Nanos(0))
        return Error{ErrorCode::kSyntax, name + ": a curve needs two points at different times at least"};
    return points;
}

std::unique_ptr<RateModel> make_curve(const std::vector<CurvePoint>& points, std::optional<Nanos> duration) {
    const Nanos end = duration.value_or(points.back().at);
    std::vector<LinearPiece> pieces;
    for (std::size_t i = 1; i < points.size(); ++i) {
        const CurvePoint& from = points[i - 1];
        const Nanos span = points[i].at - from.at;
        if (span > Nanos(0) && from.at < end)
            pieces.push_back({from.rate, points[i].rate, span, std::min(span, end - from.at)});
    }
    if (end > points.back().at) {
        const Nanos held = end - points.back().at;
        pieces.push_back({points.back().rate, points.back().rate, held, held});
    }
    return std::make_unique<PiecewiseRate>(std::move(pieces));
}

}  // namespace loadgen::pacing
