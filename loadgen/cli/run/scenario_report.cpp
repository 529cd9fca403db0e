#include "loadgen/cli/run/scenario_report.hpp"

#include <cstdlib>
#include <map>

#include "common/base/duration_text.hpp"
#include "loadgen/steps/metric_names.hpp"
#include "reports/render/artillery_reports.hpp"
#include "reports/render/detail_report.hpp"
#include "reports/render/tab_columns.hpp"

namespace loadgen::cli {
namespace {

// Columns as in the reports of `attack`; the last two are 99th percentiles, too.
constexpr const char* kColumns = "\trequests\tfailed\tp50\tp95\tp99\tservice p99\tdelay p99\n";

std::string row(const std::string& name, std::uint64_t count, std::uint64_t failed,
                const engine::LatencyFigures& figures) {
    const auto at = [](const stats::Histogram& histogram, double quantile) {
        return "\t" + display_duration(histogram.value_at(quantile));
    };
    return "  " + name + "\t" + std::to_string(count) + "\t" + std::to_string(failed) +
           at(figures.response, 0.5) + at(figures.response, 0.95) + at(figures.response, 0.99) +
           at(figures.service, 0.99) + at(figures.send_delay, 0.99) + "\n";
}

std::string endpoint_rows(const engine::RunResult& result) {
    std::string text;
    const auto& endpoints = result.statistics.endpoints();
    for (std::size_t index = 0; index < endpoints.size(); ++index) {
        if (!endpoints[index]) continue;
        engine::LatencyFigures all = endpoints[index]->succeeded;
        all.merge(endpoints[index]->failed);
        text += row(result.endpoints[index], all.response.count(), endpoints[index]->failed.response.count(),
                    all);
    }
    return text;
}

std::string group_rows(const engine::RunResult& result) {
    std::string text;
    const auto& groups = result.statistics.groups();
    for (std::size_t index = 0; index < groups.size(); ++index) {
        if (!groups[index]) continue;
        text +=
            row(result.groups[index], groups[index]->count, groups[index]->failed, groups[index]->figures);
    }
    return text;
}

/// Two tables whose columns stand below one another.
std::string tables(const engine::RunResult& result) {
    const std::string endpoints = endpoint_rows(result);
    if (endpoints.empty()) return {};
    const std::string second = "Scenarios, phases, status classes, tags";
    std::string text = reports::align_columns("Endpoints (p50 to p99: from due)" + std::string(kColumns) +
                                              endpoints + second + kColumns + group_rows(result));
    text.insert(text.find("\n" + second) + 1, "\n");
    return "\n" + text;
}

std::string check_line(const checks::CheckResult& result) {
    const bool ok = result.verdict == checks::Verdict::kPass;
    std::string text = ok ? "ok: " : "fail: ";
    text += result.check->text;
    if (!ok && !result.check->strict) text += " (optional)";
    if (result.verdict == checks::Verdict::kNoData) text += " (no data)";
    return text + "  [" + result.detail + "]\n";
}

std::uint64_t counter(const reports::ScenarioPeriod& period, steps::Metric metric) {
    const auto found = period.counters.find(std::string(steps::name_of(metric).name));
    return found == period.counters.end() ? 0 : found->second;
}

/// Of what a run could have counted and did not there was none. That goes for users once there were any, and
/// for all else once anything was sent.
void add_zeros(const std::vector<plan::Check>& checks, std::map<std::string, double>& metrics) {
    const auto happened = [&metrics](steps::Metric metric) {
        return metrics.contains(std::string(steps::name_of(metric).name));
    };
    const bool users = happened(steps::Metric::kUsersCreated);
    const bool traffic = happened(steps::Metric::kRequests) || happened(steps::Metric::kSocketConnections);
    for (const plan::Check& check : checks) {
        for (const std::string& name : check.counters) {
            const bool of_users = name.starts_with("vusers.") || name.starts_with(steps::kErrors) ||
                                  name == steps::name_of(steps::Metric::kProcessorCalls).name;
            if (of_users ? users : traffic) metrics.try_emplace(name, 0);
        }
    }
}

}  // namespace

ScenarioOutcome judge_run(const engine::RunResult& result, const plan::Checks& checks) {
    ScenarioOutcome outcome;
    outcome.report = reports::make_scenario_report(result.users->book, result.start_wall, result.elapsed);
    if (std::getenv("ARTILLERY_DISABLE_ENSURE") == nullptr) {
        std::map<std::string, double> metrics = reports::flat_metrics(outcome.report.aggregate);
        add_zeros(checks.ensure, metrics);
        outcome.checks = checks::judge(checks.ensure, metrics);
    }
    outcome.failed_expectations = counter(outcome.report.aggregate, steps::Metric::kExpectFailed);
    outcome.answers = counter(outcome.report.aggregate, steps::Metric::kResponses) +
                      counter(outcome.report.aggregate, steps::Metric::kSocketConnections);
    return outcome;
}

std::string nobody_asked(const ScenarioOutcome& outcome) {
    const reports::ScenarioPeriod& all = outcome.report.aggregate;
    if (counter(all, steps::Metric::kUsersFailed) == 0 || counter(all, steps::Metric::kUsersCompleted) > 0)
        return {};
    const std::pair<const std::string, std::uint64_t>* most = nullptr;
    for (const auto& error : all.counters) {
        if (!error.first.starts_with(steps::kErrors)) continue;
        if (most == nullptr || error.second > most->second) most = &error;
    }
    const std::string why = most != nullptr ? ": " + most->first.substr(steps::kErrors.size()) : "";
    return "every user failed, and none at a request" + why;
}

std::string labels_text(const RunSettings& settings) {
    std::string text;
    const auto add = [&text](const char* what, const std::string& label) {
        if (!label.empty()) text += what + label + "\n";
    };
    add("Name  ", settings.name);
    add("Tags  ", settings.tags);
    add("Note  ", settings.note);
    return text.empty() ? text : "\n" + text;
}

std::string scenario_text(const engine::RunResult& result, const RunSummary& summary,
                          const ScenarioOutcome& outcome) {
    std::string text =
        "--------------------------------------\nSummary report\n--------------------------------------\n\n";
    text += reports::artillery_text(outcome.report.aggregate);
    text += tables(result);
    if (const std::uint64_t warm_up = result.statistics.warm_up(); warm_up > 0)
        text += "\nWarm-up  " + std::to_string(warm_up) + " requests left out\n";
    const std::string slowest = reports::slowest_text(summary.metrics);
    if (!slowest.empty()) text += "\n" + slowest;
    if (!outcome.checks.empty()) text += "\nChecks:\n";
    for (const checks::CheckResult& check : outcome.checks) text += check_line(check);
    if (outcome.failed_expectations > 0) {
        text += "\n" + std::to_string(outcome.failed_expectations) +
                (outcome.failed_expectations == 1 ? " expectation" : " expectations") + " failed\n";
    }
    return text;
}

std::string broken_checks(const ScenarioOutcome& outcome) {
    std::string text;
    for (const checks::CheckResult& result : outcome.checks) {
        if (result.check->strict && result.verdict != checks::Verdict::kPass) text += check_line(result);
    }
    return text;
}

}  // namespace loadgen::cli
