#include <algorithm>
#include <ctime>
#include <numeric>

#include <fmt/format.h>

#include "common/base/duration_text.hpp"
#include "reports/render/plot_escape.hpp"
#include "reports/render/plot_html.hpp"

namespace loadgen::reports {
namespace {

// 1234567 as "1 234 567" with narrow no-break spaces.
std::string grouped(std::uint64_t value) {
    std::string digits = std::to_string(value);
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) out += "\xE2\x80\xAF";
        out += digits[i];
    }
    return out;
}

// Three significant digits are what the histograms hold: "12.3ms", not "12.345678ms".
std::string duration(Nanos value) {
    std::int64_t step = 1;
    for (std::int64_t rest = value.count() < 0 ? -(value.count() / 1000) : value.count() / 1000; rest > 0;
         rest /= 10)
        step *= 10;
    const std::int64_t rounded = (value.count() + step / 2) / step * step;
    return html_text(format_duration(Nanos(rounded)));
}

double seconds(Nanos value) {
    return static_cast<double>(value.count()) / 1e9;
}

std::string rate(double requests, Nanos span) {
    // vegeta's rule for a single instant: the rate is the number itself.
    const double value = span.count() > 0 ? requests / seconds(span) : requests;
    return fmt::format("{:.{}f}/s", value, value < 100 ? 2 : 1);
}

std::string percent_ok(const PlotAttack& attack) {
    if (attack.requests == 0) return "–";
    const double share =
        static_cast<double>(attack.requests - attack.failures) / static_cast<double>(attack.requests);
    // One failure in a million must not read as 100 %.
    const std::string text = fmt::format("{:.{}f}", share * 100, share > 0.99 ? 3 : 2);
    return (attack.failures > 0 && text == "100.000" ? ">99.999" : text) + "\xE2\x80\xAF%";
}

std::string shown_name(const PlotAttack& attack) {
    return attack.name.empty() ? "<i>unnamed</i>" : html_text(attack.name);
}

std::string utc(WallTime time) {
    const std::time_t whole = static_cast<std::time_t>(time.unix_ns / 1'000'000'000);
    std::tm parts{};
    if (gmtime_r(&whole, &parts) == nullptr) return "–";
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", parts.tm_year + 1900, parts.tm_mon + 1,
                       parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string tile(std::string_view label, std::string_view value, std::string_view tone = "") {
    return fmt::format("<div class=\"tile {}\"><dt>{}</dt><dd>{}</dd></div>", tone, label, value);
}

std::string tiles(const PlotAttack& attack) {
    const std::uint64_t good = attack.requests - attack.failures;
    return "<dl class=\"tiles\">" + tile("Requests", grouped(attack.requests)) +
           tile("Rate asked", rate(static_cast<double>(attack.requests), attack.last_due)) +
           tile("Throughput", rate(static_cast<double>(good), attack.end)) +
           tile("Succeeded", percent_ok(attack)) +
           tile("Failures", grouped(attack.failures), attack.failures > 0 ? "bad" : "") +
           tile("Median", duration(attack.response.value_at(0.5))) +
           tile("99th percentile", duration(attack.response.value_at(0.99))) +
           tile("Maximum", duration(attack.response.max())) + "</dl><p class=\"facts\">" +
           (attack.name.empty() ? "" : html_text(attack.name) + " · ") + "Started " + utc(attack.first_due) +
           " · lasted " + duration(attack.end) + "</p>";
}

std::string attack_row(const PlotAttack& attack) {
    return fmt::format(
        "<tr><th scope=\"row\" class=\"name\">{}</th><td "
        "class=\"text\">{}</td><td>{}</td><td>{}</td><td>{}</td>"
        "<td>{}</td><td>{}</td><td>{}</td></tr>",
        shown_name(attack), utc(attack.first_due), duration(attack.end), grouped(attack.requests),
        rate(static_cast<double>(attack.requests), attack.last_due),
        rate(static_cast<double>(attack.requests - attack.failures), attack.end), percent_ok(attack),
        grouped(attack.failures));
}

std::string latency_row(const std::string& name_cell, std::string_view measure,
                        const stats::Histogram& histogram) {
    std::string out = fmt::format("<tr>{}<th scope=\"row\">{}</th><td>{}</td><td>{}</td>", name_cell, measure,
                                  duration(histogram.min()), duration(histogram.mean()));
    struct Column {
        double quantile;
        std::uint64_t needed;  // fewer samples say nothing about it: the order statistics have no interval
    };
    for (const auto& [quantile, needed] :
         {Column{0.5, 1}, {0.9, 1}, {0.95, 72}, {0.99, 368}, {0.999, 3688}, {0.9999, 36887}}) {
        const bool thin = histogram.count() < needed;
        out += fmt::format("<td{}>{}</td>", thin ? " class=\"thin\"" : "",
                           duration(histogram.value_at(quantile)));
    }
    return out + fmt::format("<td>{}</td></tr>", duration(histogram.max()));
}

constexpr std::string_view kTextColumns[] = {"Attack", "Started", "Measure", "Cause", "Status", "Error"};

// Column heads, aligned as their columns are; empty names leave their column out.
std::string table_head(std::initializer_list<std::string_view> names) {
    std::string out = "<thead><tr>";
    for (const std::string_view name : names) {
        if (name.empty()) continue;
        const bool is_text =
            std::find(std::begin(kTextColumns), std::end(kTextColumns), name) != std::end(kTextColumns);
        out += fmt::format("<th scope=\"col\"{}>{}</th>", is_text ? " class=\"text\"" : "", name);
    }
    return out + "</tr></thead>";
}

std::string attacks_table(const PlotData& data) {
    std::string out = "<div class=\"scroll\"><table><caption>Attacks</caption>" +
                      table_head({"Attack", "Started", "Duration", "Requests", "Rate asked", "Throughput",
                                  "Succeeded", "Failures"}) +
                      "<tbody>";
    for (const PlotAttack& attack : data.attacks) out += attack_row(attack);
    return out + "</tbody></table></div>";
}

// When something happened, to the millisecond.
std::string moment(std::int64_t ns) {
    return html_text(format_duration(Nanos(ns / 1'000'000 * 1'000'000)));
}

std::string failure_row(const PlotData& data, const FailureKind& kind) {
    const std::string code = kind.code == 0 ? "–" : std::to_string(kind.code);
    std::string out = fmt::format(
        "<tr data-failures=\"{}\"><td>{}</td><th scope=\"row\">{}</th><td class=\"text\">{}</td>"
        "<td class=\"text error\">{}</td><td>{}</td><td>{}</td><td>{}</td>",
        kind.count, grouped(kind.count), failure_group_name(kind.group), code,
        kind.error.empty() ? "<i>none</i>" : html_text(kind.error), moment(kind.first_ns),
        moment(kind.last_ns), duration(Nanos(kind.longest_ns)));
    if (data.attacks.size() > 1) {
        out += fmt::format("<td class=\"text name\">{}</td>", shown_name(data.attacks[kind.attack]));
    }
    return out + "</tr>";
}

std::string note(const std::string& text, bool is_loud = false) {
    return (is_loud ? "<li class=\"loud\">" : "<li>") + text + "</li>";
}

std::string thinning_note(const PlotData& data) {
    const bool thinned =
        std::any_of(data.attacks.begin(), data.attacks.end(), [](const auto& a) { return a.ok_thinned; });
    if (!thinned) return "";
    return note(
        "Too many successful requests to draw each: of every slice of time the chart keeps the fastest and "
        "the slowest. Tables, percentiles and quantile lines count all of them.");
}

std::string failure_note(const PlotData& data) {
    if (data.failure_cell.count() == 0) return "";
    return note(
        fmt::format("<strong>Too many failures to draw each.</strong> A mark stands for all failures of one "
                    "kind within {}, at the longest of them; the tables count every one.",
                    duration(data.failure_cell)),
        true);
}

}  // namespace

std::string plot_summary_html(const PlotData& data) {
    if (data.attacks.empty()) return "<p class=\"empty\">The results hold no requests.</p>";
    const bool single = data.attacks.size() == 1;
    std::string out = single ? tiles(data.attacks.front()) : attacks_table(data);
    out += "<div class=\"scroll\"><table><caption>Latency</caption>";
    out += table_head({single ? "" : "Attack", "Measure", "Min", "Mean", "p50", "p90", "p95", "p99", "p99.9",
                       "p99.99", "Max"});
    out += "<tbody>";
    for (const PlotAttack& attack : data.attacks) {
        const std::string name =
            single ? "" : fmt::format("<td class=\"text name\">{}</td>", shown_name(attack));
        out += latency_row(name, "Response time", attack.response);
        if (!attack.has_detail) continue;
        out += latency_row(name, "Service time", attack.service);
        out += latency_row(name, "Send delay", attack.send_delay);
    }
    return out + "</tbody></table></div>";
}

std::string plot_notes_html(const PlotData& data) {
    std::string notes = failure_note(data) + thinning_note(data);
    std::uint64_t warm_up = 0;
    for (const PlotAttack& attack : data.attacks) warm_up += attack.warm_up;
    if (warm_up > 0) notes += note(grouped(warm_up) + " warm-up requests are left out.");
    if (data.attacks.size() > 1) notes += note("Each attack's time counts from its own first request.");
    if (data.attacks_merged) notes += note("Too many attack names: the last ones are shown together.");
    return notes.empty() ? "" : "<ul class=\"notes\">" + notes + "</ul>";
}

std::string plot_failures_html(const PlotData& data) {
    if (data.failure_kinds.empty()) return "<p class=\"empty\">No request failed.</p>";
    std::vector<std::size_t> order(data.failure_kinds.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return data.failure_kinds[a].count > data.failure_kinds[b].count;
    });
    const bool single = data.attacks.size() == 1;
    std::string out = "<div class=\"scroll\"><table id=\"failure-table\">";
    out += table_head(
        {"Count", "Cause", "Status", "Error", "First at", "Last at", "Longest", single ? "" : "Attack"});
    out += "<tbody>";
    for (const std::size_t index : order) out += failure_row(data, data.failure_kinds[index]);
    return out + "</tbody></table></div>";
}

}  // namespace loadgen::reports
