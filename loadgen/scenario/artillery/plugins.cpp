// Plugins that are part of loadgen, and a word on those that are not; ensure and apdex wherever they stand.
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loadgen/scenario/artillery/keys.hpp"
#include "loadgen/scenario/artillery/scalars.hpp"
#include "loadgen/scenario/artillery/settings.hpp"

namespace loadgen::scenario::artillery {
namespace {

constexpr double kDefaultApdexMillis = 500;

/// The settings of a plugin, or nothing when it is absent or switched off (`expect: false`).
Spot plugin(const Compilation& compilation, std::string_view name) {
    Spot spot = compilation.config().member("plugins").member(name);
    if (spot && bool_of(*spot) == false) spot.node = nullptr;
    return spot;
}

void compile_expect(Compilation& compilation) {
    const Spot spot = plugin(compilation, "expect");
    plan::ExpectSettings& expect = compilation.plan.expect;
    if (!spot) return;
    expect.enabled = true;
    expect.failures_are_errors = read_bool(spot.member("reportFailuresAsErrors"), false);
    expect.default_200 = read_bool(spot.member("expectDefault200"), false);
    expect.only_names = read_bool(spot.member("useOnlyRequestNames"), false);
    expect.format = read_text(spot.member("formatter"), read_text(spot.member("outputFormat"), "pretty"));
}

void compile_endpoint_metrics(Compilation& compilation) {
    plan::EndpointMetrics& metrics = compilation.plan.endpoint_metrics;
    const Spot spot = compilation.config().member("plugins").member("metrics-by-endpoint");
    if (spot && bool_of(*spot) == false) {
        metrics.enabled = false;
        return;
    }
    metrics.only_names = read_bool(spot.member("useOnlyRequestNames"), false);
    // Artillery loads the plugin for every script, and then without query strings.
    metrics.strip_query = read_bool(spot.member("stripQueryString"), !spot);
    metrics.ignore_unnamed = read_bool(spot.member("ignoreUnnamedRequests"), false);
    metrics.group_dynamic = read_bool(spot.member("groupDynamicURLs"), true);
    metrics.prefix = read_text(spot.member("metricsNamespace"), metrics.prefix);
}

/// One line, with its place filled in.
plan::Check check_at(const Compilation& compilation, const Spot& spot, std::string text,
                     std::string expression) {
    plan::Check check;
    check.text = std::move(text);
    check.expression = std::move(expression);
    check.file = compilation.findings.file(spot.place().file);
    check.mark = spot.place().mark;
    check.path = spot.path;
    const text::Mark second = compilation.findings.inside(*spot, 2).mark;
    const bool literal = spot->is_scalar() && spot->scalar.find('\n') == std::string::npos &&
                         second.column > check.mark.column;
    if (literal) check.first_character = compilation.findings.inside(*spot, 1).mark;
    return check;
}

plan::Check limit_at(const Compilation& compilation, const Spot& spot, const std::string& shown_name,
                     const std::string& metric, double below) {
    const std::string number = text::Value(below).to_text();
    plan::Check check = check_at(compilation, spot, shown_name + " < " + number, metric + " < " + number);
    check.metric = metric;
    check.below = below;
    return check;
}

void add_thresholds(Compilation& compilation, const Spot& list, plan::Checks& checks) {
    if (!list || !list->is_list()) return;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        const Spot item = list.item(i);
        for (std::size_t j = 0; j < item->members.size(); ++j) {
            const Spot limit = item.member_at(j);
            const std::string& metric = item->members[j].key;
            if (const auto below = number_of(*limit))
                checks.ensure.push_back(limit_at(compilation, limit, metric, metric, *below));
            if (j == 1)
                compilation.findings.warning(
                    limit.key_place, limit.path,
                    "Artillery looks only at the first metric of an entry; here each counts");
        }
    }
}

void add_conditions(Compilation& compilation, const Spot& list, plan::Checks& checks) {
    if (!list || !list->is_list()) return;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        const Spot expression = list.item(i).member("expression");
        const std::string text = read_text(expression);
        if (!expression) continue;
        if (text.find_first_not_of(" \t\n") == std::string::npos)
            compilation.findings.error(expression, "found an empty text, expected an expression");
        plan::Check check = check_at(compilation, expression, text, text);
        check.strict = read_bool(list.item(i).member("strict"), true);
        checks.ensure.push_back(std::move(check));
    }
}

void add_legacy_limits(Compilation& compilation, const Spot& ensure, plan::Checks& checks) {
    for (const char* name : {"min", "max", "median", "p95", "p99"}) {
        const Spot limit = ensure.member(name);
        // Artillery cuts decimals off here.
        if (const auto below = limit ? number_of(*limit) : std::nullopt)
            checks.ensure.push_back(limit_at(compilation, limit, name,
                                             std::string("http.response_time.") + name, std::trunc(*below)));
    }
    const Spot rate = ensure.member("maxErrorRate");
    if (const auto percent = rate ? number_of(*rate) : std::nullopt) {
        const std::string number = text::Value(*percent).to_text();
        // Artillery's counts all who have not completed, so those, too, whom Ctrl-C interrupted.
        const std::string share = "(vusers.failed / vusers.created * 100)";
        plan::Check check = check_at(compilation, rate, "maxErrorRate < " + number, share + " <= " + number);
        check.percentage = share;
        checks.ensure.push_back(std::move(check));
    }
}

void note_foreign_plugins(Compilation& compilation) {
    const Spot plugins = compilation.config().member("plugins");
    for (std::size_t i = 0; plugins && i < plugins->members.size(); ++i) {
        const std::string& name = plugins->members[i].key;
        constexpr std::array<std::string_view, 5> kOwn{"expect", "ensure", "apdex", "metrics-by-endpoint",
                                                       "fake-data"};
        bool own = false;
        for (const std::string_view one : kOwn) own = own || one == name;
        if (own) continue;
        const Spot spot = plugins.member_at(i);
        compilation.findings.warning(
            spot.key_place, spot.path,
            "the plugin " + shown(name) +
                " is not part of loadgen and has no effect; there are expect, ensure, apdex, "
                "metrics-by-endpoint and fake-data");
    }
}

/// The plugin hands what stands under a function's name to that function.
void note_fake_data(Compilation& compilation, const Spot& options) {
    if (!options || !options->is_map()) return;
    std::vector<std::string_view> names;
    for (const text::FunctionEntry& entry : compilation.functions.entries()) names.push_back(entry.name);
    for (std::size_t i = 0; i < options->members.size(); ++i) {
        const Spot option = options.member_at(i);
        const std::string name = "$" + options->members[i].key;
        const std::string_view meant =
            compilation.functions.find(name) != nullptr ? std::string_view() : nearest(name, names);
        compilation.findings.warning(
            option.key_place, option.path,
            meant.empty() ? "functions of fake data take no options here, so this has no effect"
                          : "there is no function " + shown(name) + "; did you mean " + shown(meant) + "?");
    }
}

}  // namespace

void compile_plugins(Compilation& compilation) {
    compile_expect(compilation);
    compile_endpoint_metrics(compilation);
    note_foreign_plugins(compilation);
    note_fake_data(compilation, compilation.config().member("fake-data"));
    note_fake_data(compilation, plugin(compilation, "fake-data"));
}

plan::Checks compile_checks(Compilation& compilation) {
    plan::Checks checks;
    const Spot config = compilation.config();
    Spot ensure = config.member("ensure");
    const Spot ensure_plugin = plugin(compilation, "ensure");
    if (ensure && ensure->is_map() && ensure_plugin && !ensure_plugin->members.empty())
        compilation.findings.warning(ensure_plugin.key_place, ensure_plugin.path,
                                     "is not read, because config.ensure is there too");
    if (!ensure) ensure = ensure_plugin;
    add_thresholds(compilation, ensure.member("thresholds"), checks);
    add_conditions(compilation, ensure.member("conditions"), checks);
    add_legacy_limits(compilation, ensure, checks);
    const Spot apdex = config.member("apdex") ? config.member("apdex") : plugin(compilation, "apdex");
    if (apdex) {
        const Spot threshold = apdex.member("threshold");
        const double millis = read_number(threshold, kDefaultApdexMillis);
        if (!(millis > 0 && millis < 1e9)) {
            compilation.findings.error(
                threshold, "found " + shown(threshold->scalar) + ", expected milliseconds above 0");
        } else {
            checks.apdex_threshold = Nanos(static_cast<std::int64_t>(millis * 1e6));
        }
    }
    compilation.plan.apdex_threshold = checks.apdex_threshold;
    return checks;
}

}  // namespace loadgen::scenario::artillery
