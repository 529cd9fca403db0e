#include "reports/model/scenario_report.hpp"

#include <algorithm>
#include <array>

namespace loadgen::reports {
namespace {

constexpr double kNanosPerMilli = 1e6;

struct Figure {
    std::string_view name;
    double (*of)(const Summary& summary);
};
constexpr std::array kFigures{
    Figure{"min", [](const Summary& s) { return s.min; }},
    Figure{"max", [](const Summary& s) { return s.max; }},
    Figure{"count", [](const Summary& s) { return static_cast<double>(s.count); }},
    Figure{"mean", [](const Summary& s) { return s.mean; }},
    Figure{"median", [](const Summary& s) { return s.p50; }},
    Figure{"p50", [](const Summary& s) { return s.p50; }},
    Figure{"p75", [](const Summary& s) { return s.p75; }},
    Figure{"p90", [](const Summary& s) { return s.p90; }},
    Figure{"p95", [](const Summary& s) { return s.p95; }},
    Figure{"p99", [](const Summary& s) { return s.p99; }},
    Figure{"p999", [](const Summary& s) { return s.p999; }},
};

double millis(Nanos value) {
    return static_cast<double>(value.count()) / kNanosPerMilli;
}

Summary summarise(const stats::PackedHistogram& packed) {
    const stats::Histogram histogram = packed.unpack();
    const auto at = [&histogram](double quantile) { return millis(histogram.value_at(quantile)); };
    return {.min = millis(histogram.min()),
            .max = millis(histogram.max()),
            .count = histogram.count(),
            .mean = millis(histogram.mean()),
            .p50 = at(0.5),
            .p75 = at(0.75),
            .p90 = at(0.9),
            .p95 = at(0.95),
            .p99 = at(0.99),
            .p999 = at(0.999)};
}

ScenarioPeriod make_period(const stats::MetricPeriod& metrics, WallTime begin, Nanos length) {
    ScenarioPeriod period;
    period.begin = begin;
    period.length = length;
    const double seconds = std::max(1e-3, static_cast<double>(length.count()) / 1e9);
    period.counters = {metrics.counters.begin(), metrics.counters.end()};
    for (const auto& [name, events] : metrics.rates)
        period.rates[name] = static_cast<double>(events) / seconds;
    for (const auto& [name, packed] : metrics.histograms) {
        if (packed.count() > 0) period.summaries[name] = summarise(packed);
    }
    const auto count_of = [&period](const char* name) {
        const auto found = period.counters.find(name);
        return found == period.counters.end() ? 0.0 : static_cast<double>(found->second);
    };
    const double satisfied = count_of("apdex.satisfied");
    const double tolerated = count_of("apdex.tolerated");
    const double all = satisfied + tolerated + count_of("apdex.frustrated");
    if (all > 0) period.rates[kApdexScore] = (satisfied + tolerated / 2) / all;
    return period;
}

}  // namespace

ScenarioReport make_scenario_report(const stats::MetricBook& book, WallTime start, Nanos elapsed) {
    ScenarioReport report;
    const Nanos step = book.period();
    for (std::size_t index = 0; index < book.periods(); ++index) {
        const stats::MetricPeriod metrics = book.at(index);
        if (metrics.counters.empty() && metrics.histograms.empty() && metrics.rates.empty()) continue;
        const Nanos offset = step * static_cast<std::int64_t>(index);
        const Nanos length = std::clamp(elapsed - offset, Nanos(1), step);
        report.intermediate.push_back(make_period(metrics, {start.unix_ns + offset.count()}, length));
    }
    report.aggregate = make_period(book.total(), start, elapsed);
    return report;
}

std::span<const std::string_view> figure_names() {
    static const auto kNames = [] {
        std::array<std::string_view, kFigures.size()> names;
        std::transform(kFigures.begin(), kFigures.end(), names.begin(),
                       [](const Figure& f) { return f.name; });
        return names;
    }();
    return kNames;
}

std::map<std::string, double> flat_metrics(const ScenarioPeriod& period) {
    std::map<std::string, double> flat;
    for (const auto& [name, value] : period.counters) flat[name] = static_cast<double>(value);
    for (const auto& [name, value] : period.rates) flat[name] = value;
    for (const auto& [name, summary] : period.summaries) {
        for (const Figure& figure : kFigures)
            flat[name + "." + std::string(figure.name)] = figure.of(summary);
    }
    return flat;
}

}  // namespace loadgen::reports
