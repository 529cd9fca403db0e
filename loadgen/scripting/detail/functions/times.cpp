// The time of a call, or some time before or after it.
#include <cmath>
#include <utility>

#include "common/base/duration_text.hpp"
#include "common/text/timestamp.hpp"
#include "loadgen/scripting/detail/functions/families.hpp"
#include "loadgen/scripting/detail/functions/times.hpp"
#include "loadgen/scripting/detail/functions/tools.hpp"

namespace loadgen::scripting {
namespace {

using text::CallContext;
using text::Value;

constexpr double kMillisecondNs = 1e6;
constexpr double kSecondNs = 1e9;
constexpr double kFarthestNs = 9.2e18;  // since 1970: what WallTime holds

/// In nanoseconds. "7d" is not Go's; days are what tests ask for.
Result<double> offset_of(const Value& value) {
    if (!value.is_string() || !std::isnan(value.to_number())) return value.to_number() * kSecondNs;
    std::string text = value.string();
    if (text.ends_with('d')) {
        const double days = Value(text.substr(0, text.size() - 1)).to_number();
        if (!std::isnan(days)) return days * 24 * 3600 * kSecondNs;
    }
    const auto parsed = parse_duration(text);
    if (!parsed) return parsed.error();
    return static_cast<double>(parsed->count());
}

/// Milliseconds since 1970 of the call, moved by the first argument; NaN with the fault noted.
double milliseconds(CallContext& context, Arguments arguments, std::string_view function) {
    if (!has_argument(arguments, 0))
        return std::floor(static_cast<double>(context.now.unix_ns) / kMillisecondNs);
    const auto offset = offset_of(arguments[0]);
    const double moved = offset ? static_cast<double>(context.now.unix_ns) + *offset : std::nan("");
    if (std::fabs(moved) < kFarthestNs) return std::floor(moved / kMillisecondNs);
    refuse(context, function,
           offset ? "found an offset beyond the calendar, expected seconds or a text such as -1h30m or 7d"
                  : offset.error().message);
    return std::nan("");
}

Value timestamp(CallContext& context, Arguments arguments) {
    const double at = milliseconds(context, arguments, "$timestamp");
    return std::isnan(at) ? Value() : Value(at);
}

Value unix_time(CallContext& context, Arguments arguments) {
    const double at = milliseconds(context, arguments, "$unixTime");
    return std::isnan(at) ? Value() : Value(std::floor(at / 1000));
}

Value iso_timestamp(CallContext& context, Arguments arguments) {
    const double at = milliseconds(context, arguments, "$isoTimestamp");
    return std::isnan(at) ? Value() : Value(iso_text(at));
}

Value date(CallContext& context, Arguments arguments) {
    const double at = milliseconds(context, arguments, "$date");
    return std::isnan(at) ? Value() : Value(iso_text(at).substr(0, 10));
}

constexpr std::array kFunctions{
    text::FunctionEntry{
        "$timestamp", timestamp, 0, 1,
        "$timestamp(offset): milliseconds since 1970; the offset is seconds or 1h30m, 7d, -5m"},
    text::FunctionEntry{"$unixTime", unix_time, 0, 1, "$unixTime(offset): seconds since 1970"},
    text::FunctionEntry{"$isoTimestamp", iso_timestamp, 0, 1,
                        "$isoTimestamp(offset): as Date.toISOString() in JavaScript"},
    text::FunctionEntry{"$date", date, 0, 1, "$date(offset): the day in UTC, as 2026-11-21"},
};

}  // namespace

std::string iso_text(double milliseconds) {
    const auto whole = static_cast<std::int64_t>(milliseconds);
    std::string made;
    text::append_timestamp(made, WallTime{whole * 1'000'000});
    made.resize(19);  // up to the seconds
    const std::int64_t part = ((whole % 1000) + 1000) % 1000;
    std::string digits = std::to_string(1000 + part);
    return (made += '.').append(digits, 1, 3) += 'Z';
}

Family time_functions() {
    return kFunctions;
}

}  // namespace loadgen::scripting
