#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "reports/render/plot_columns.hpp"
#include "reports/render/plot_escape.hpp"
#include "reports/render/plot_html.hpp"

namespace loadgen::reports {
namespace {

constexpr std::int64_t kTimeUnitNs = 1000;
constexpr std::int64_t kLatencyUnitNs = 100;
// Points of the percentile curve in each factor of ten of 1 / (1 - p).
constexpr int kCurvePerDecade = 32;
// The tooltip shows no more; the table has the whole text.
constexpr std::size_t kTooltipText = 160;

std::int64_t time_units(std::int64_t ns) {
    return ns / kTimeUnitNs;
}
std::int64_t latency_units(std::int64_t ns) {
    return (ns + kLatencyUnitNs / 2) / kLatencyUnitNs;
}

template <typename Rows, typename Value>
void column(ColumnWriter& columns, const std::string& name, const Rows& rows, Value value) {
    columns.begin(name);
    for (const auto& row : rows) columns.add(value(row));
}

void ok_columns(ColumnWriter& columns, std::size_t attack, const PlotAttack& data) {
    column(columns, fmt::format("ok{}.time", attack), data.ok, [](auto& p) { return time_units(p.time_ns); });
    column(columns, fmt::format("ok{}.latency", attack), data.ok,
           [](auto& p) { return latency_units(p.latency_ns); });
}

void failure_columns(ColumnWriter& columns, std::size_t attack, const PlotData& data) {
    std::vector<FailurePoint> own;
    for (const FailurePoint& point : data.failures) {
        if (data.failure_kinds[point.kind].attack == attack) own.push_back(point);
    }
    const auto name = [&](std::string_view what) { return fmt::format("fail{}.{}", attack, what); };
    column(columns, name("time"), own, [](auto& p) { return time_units(p.time_ns); });
    column(columns, name("latency"), own, [](auto& p) { return latency_units(p.latency_ns); });
    column(columns, name("kind"), own, [](auto& p) { return std::int64_t{p.kind}; });
    if (data.failure_cell.count() == 0) return;
    column(columns, name("shortest"), own, [](auto& p) { return latency_units(p.shortest_ns); });
    column(columns, name("count"), own, [](auto& p) { return std::int64_t{p.count}; });
}

void interval_columns(ColumnWriter& columns, std::size_t attack, const PlotAttack& data,
                      const std::vector<std::size_t>& groups) {
    const auto& rows = data.intervals;
    const auto add = [&](std::string_view what, auto value) {
        column(columns, fmt::format("interval{}.{}", attack, what), rows, value);
    };
    add("start", [](auto& i) { return time_units(i.start.count()); });
    add("due_span", [](auto& i) { return time_units(i.due_span.count()); });
    add("answer_span", [](auto& i) { return time_units(i.answer_span.count()); });
    add("due", [](auto& i) { return static_cast<std::int64_t>(i.due); });
    add("answered", [](auto& i) { return static_cast<std::int64_t>(i.answered); });
    add("p50", [](auto& i) { return latency_units(i.p50.count()); });
    add("p99", [](auto& i) { return latency_units(i.p99.count()); });
    add("max", [](auto& i) { return latency_units(i.max.count()); });
    for (std::size_t g = 0; g < groups.size(); ++g) {
        add(fmt::format("failed{}", g), [&](auto& i) { return std::int64_t{i.failed[groups[g]]}; });
    }
}

void heat_columns(ColumnWriter& columns, std::size_t attack, const PlotAttack& data) {
    struct Cell {
        std::size_t interval;
        int row;
        std::uint64_t count;
    };
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < data.intervals.size(); ++i) {
        for (const auto& [row, count] : data.intervals[i].heat) cells.push_back({i, row, count});
    }
    const auto name = [&](std::string_view what) { return fmt::format("heat{}.{}", attack, what); };
    column(columns, name("interval"), cells, [](auto& c) { return static_cast<std::int64_t>(c.interval); });
    column(columns, name("row"), cells, [](auto& c) { return std::int64_t{c.row}; });
    column(columns, name("count"), cells, [](auto& c) { return static_cast<std::int64_t>(c.count); });
}

// Latency at 1 / (1 - p) = 1, 10^(1/32), 10^(2/32) ... up to the number of requests, where the maximum is.
void curve_column(ColumnWriter& columns, const std::string& name, const stats::Histogram& histogram) {
    columns.begin(name);
    const auto count = static_cast<double>(histogram.count());
    if (histogram.count() == 0) return;
    for (int k = 0;; ++k) {
        const double x = std::pow(10.0, static_cast<double>(k) / kCurvePerDecade);
        if (x >= count) break;
        columns.add(latency_units(histogram.value_at(1 - 1 / x).count()));
    }
    columns.add(latency_units(histogram.max().count()));
}

std::vector<std::size_t> used_groups(const PlotData& data) {
    std::vector<std::size_t> groups;
    for (const FailureKind& kind : data.failure_kinds) {
        if (std::find(groups.begin(), groups.end(), kind.group) == groups.end()) groups.push_back(kind.group);
    }
    std::sort(groups.begin(), groups.end());
    return groups;
}

std::string attacks_json(const PlotData& data) {
    std::string out = "[";
    for (const PlotAttack& attack : data.attacks) {
        out += fmt::format("{}{{\"name\":{},\"requests\":{},\"failures\":{},\"detail\":{},\"thinned\":{}}}",
                           out.size() > 1 ? "," : "", json_in_script(attack.name), attack.requests,
                           attack.failures, attack.has_detail, attack.ok_thinned);
    }
    return out += "]";
}

std::string kinds_json(const PlotData& data, const std::vector<std::size_t>& groups) {
    std::string out = "[";
    for (const FailureKind& kind : data.failure_kinds) {
        const auto group = std::find(groups.begin(), groups.end(), kind.group) - groups.begin();
        out += fmt::format("{}{{\"group\":{},\"code\":{},\"text\":{}}}", out.size() > 1 ? "," : "", group,
                           kind.code, json_in_script(std::string_view(kind.error).substr(0, kTooltipText)));
    }
    return out += "]";
}

}  // namespace

std::string plot_description_json(const PlotData& data, std::string& payload) {
    const std::vector<std::size_t> groups = used_groups(data);
    ColumnWriter columns;
    for (std::size_t i = 0; i < data.attacks.size(); ++i) {
        const PlotAttack& attack = data.attacks[i];
        ok_columns(columns, i, attack);
        failure_columns(columns, i, data);
        interval_columns(columns, i, attack, groups);
        heat_columns(columns, i, attack);
        curve_column(columns, fmt::format("curve{}.response", i), attack.response);
        curve_column(columns, fmt::format("curve{}.service", i), attack.service);
        curve_column(columns, fmt::format("curve{}.send_delay", i), attack.send_delay);
    }
    payload = columns.payload();
    std::string names;
    for (const std::size_t group : groups) {
        names += fmt::format("{}\"{}\"", names.empty() ? "" : ",", failure_group_name(group));
    }
    return fmt::format(
        "{{\"interval_us\":{},\"failure_cell_us\":{},\"curve_per_decade\":{},\"heat_rows_per_octave\":{},"
        "\"attacks\":{},\"groups\":[{}],\"kinds\":{},\"columns\":{}}}",
        time_units(data.interval.count()), time_units(data.failure_cell.count()), kCurvePerDecade,
        kHeatRowsPerOctave, attacks_json(data), names, kinds_json(data, groups), columns.directory());
}

}  // namespace loadgen::reports
