#include "loadgen/steps/flow/think.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "loadgen/steps/flow/pretend.hpp"
#include "loadgen/steps/metric_names.hpp"

namespace loadgen::steps {
namespace {

constexpr double kNanosPerMilli = 1e6;
constexpr double kLongestMillis = 24.0 * 3600 * 1000 * 365;

struct Unit {
    std::string_view name;
    double millis;
};

// The units of npm's `ms`, which Artillery reads durations with.
constexpr std::array<Unit, 26> kUnits{
    {{"ms", 1},         {"msec", 1},     {"msecs", 1},     {"millisecond", 1}, {"milliseconds", 1},
     {"s", 1e3},        {"sec", 1e3},    {"secs", 1e3},    {"second", 1e3},    {"seconds", 1e3},
     {"m", 6e4},        {"min", 6e4},    {"mins", 6e4},    {"minute", 6e4},    {"minutes", 6e4},
     {"h", 3.6e6},      {"hr", 3.6e6},   {"hrs", 3.6e6},   {"hour", 3.6e6},    {"hours", 3.6e6},
     {"d", 8.64e7},     {"day", 8.64e7}, {"days", 8.64e7}, {"w", 6.048e8},     {"week", 6.048e8},
     {"weeks", 6.048e8}}};

Error invalid(const text::Value& value) {
    return {ErrorCode::kUsage,
            "found " + value.to_text() + " as a think time, expected seconds or a text such as \"500ms\""};
}

Result<Nanos> in_range(double millis, const text::Value& value) {
    if (!(millis >= 0 && millis <= kLongestMillis)) return invalid(value);
    return Nanos(std::llround(millis * kNanosPerMilli));
}

Nanos with_jitter(Nanos base, const plan::Jitter& jitter, Random& random) {
    const double span = jitter.absolute > Nanos(0) ? static_cast<double>(jitter.absolute.count())
                                                   : static_cast<double>(base.count()) * jitter.share;
    const double shift = (2 * random.uniform() - 1) * span;
    return std::max(Nanos(0), base + Nanos(std::llround(shift)));
}

}  // namespace

Result<Nanos> think_time(const text::Value& value) {
    if (value.is_number()) return in_range(value.number() * 1e3, value);
    if (!value.is_string()) return invalid(value);
    const std::string& text = value.string();
    const char* const end = text.data() + text.size();
    double number = 0;
    const auto [rest, fault] = std::from_chars(text.data(), end, number);
    if (fault != std::errc()) return invalid(value);
    std::string_view unit(rest, static_cast<std::size_t>(end - rest));
    while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
    if (unit.empty()) return in_range(number * 1e3, value);
    std::string lower(unit);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    const auto known =
        std::find_if(kUnits.begin(), kUnits.end(), [&lower](const Unit& u) { return u.name == lower; });
    if (known == kUnits.end()) return invalid(value);
    return in_range(number * known->millis, value);
}

Next wait_until_due(Stage& stage, Strand& strand) {
    if (strand.due <= stage.host.now()) return Next::kGoOn;
    strand.waiting = Waiting::kTime;
    stage.thinking.push(strand.due, strand);
    return Next::kWait;
}

Next think(Stage& stage, Strand& strand, const plan::ThinkStep& step) {
    Nanos duration{0};
    if (step.fixed) {
        duration = *step.fixed;
    } else {
        const Evaluation evaluation(stage, *strand.user);
        const auto evaluated = think_time(step.duration.evaluate(evaluation.scope()));
        if (!evaluated && stage.pretending) {
            note(stage, strand, "no think time: " + evaluated.error().message);
        } else if (!evaluated) {
            fail(strand, failure::kThinkTime, evaluated.error().message);
            return Next::kGoOn;
        }
        if (evaluated) duration = *evaluated;
    }
    if (step.jitter) duration = with_jitter(duration, *step.jitter, strand.user->random);
    strand.due += duration;
    ++strand.pc;
    return wait_until_due(stage, strand);
}

}  // namespace loadgen::steps
