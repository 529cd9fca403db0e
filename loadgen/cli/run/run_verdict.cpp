#include "loadgen/cli/run/run_verdict.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "loadgen/cli/exit_code.hpp"

namespace loadgen::cli {
namespace {

using checks::CheckResult;
using checks::Verdict;

std::string counted(std::uint64_t count, const std::string& one, const std::string& many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

/// Findings that lose requests, and with them counts; the others only move times.
bool loses_requests(const engine::Finding& finding) {
    constexpr std::array<std::string_view, 3> kLosing{"ports", "descriptors", "unsent"};
    return finding.invalid && std::find(kLosing.begin(), kLosing.end(), finding.name) != kLosing.end();
}

class Judge {
  public:
    explicit Judge(const RunEnd& end) : end_(end), outcome_(end.outcome) {
        for (const CheckResult& result : outcome_.checks) {
            if (!result.check->strict) continue;
            if (result.verdict == Verdict::kNoData) ++unknown_;
            if (result.verdict != Verdict::kFail) continue;
            ++broken_;
            if (!knows_times(*result.check)) ++broken_counts_;
        }
        const auto& findings = end.findings;
        invalid_ = std::any_of(findings.begin(), findings.end(), [](const auto& f) { return f.invalid; });
        counts_hold_ = std::none_of(findings.begin(), findings.end(), loses_requests);
    }

    RunVerdict judge() const {
        const std::string broken = what_is_broken();
        if (end_.interrupted != 0) {
            if (broken.empty()) return {end_.interrupted, {}};
            return {end_.interrupted, {"interrupted; until then " + broken}};
        }
        if (!end_.nobody_answered.empty()) {
            return {kExitCouldNotMeasure, {end_.nobody_answered + (broken.empty() ? "" : "; " + broken)}};
        }
        if (invalid_) return judge_invalid(broken);
        if (!broken.empty()) return {kExitBroken, {broken}};
        if (end_.output_lost) return {kExitCouldNotMeasure, {}};
        if (unknown_ == 0) return {kExitPass, {}};
        return {kExitInconclusive,
                {counted(unknown_, "check is", "checks are") + " about what was not measured"}};
    }

  private:
    RunVerdict judge_invalid(const std::string& broken) const {
        if (broken.empty()) return {kExitCouldNotMeasure, {}};
        const bool proven =
            outcome_.failed_expectations > 0 || end_.rows_ran_out || (counts_hold_ && broken_counts_ > 0);
        if (proven) return {kExitBroken, {broken + "; this holds although the measurement is invalid"}};
        return {kExitCouldNotMeasure, {broken + ", which proves nothing because the measurement is invalid"}};
    }

    std::string what_is_broken() const {
        std::string text;
        const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
        if (broken_ > 0) add(counted(broken_, "check is", "checks are") + " broken");
        if (outcome_.failed_expectations > 0)
            add(counted(outcome_.failed_expectations, "expectation", "expectations") + " failed");
        if (end_.rows_ran_out) add("the rows of a `unique` payload ran out (atEnd: fail)");
        return text;
    }

    /// Latencies, rates, and what is made of them.
    bool knows_times(const plan::Check& check) const {
        const auto is_count = [this](const std::string& name) {
            return outcome_.report.aggregate.counters.contains(name) && !name.starts_with("apdex.");
        };
        const auto metrics = reports::flat_metrics(outcome_.report.aggregate);
        if (!check.metric.empty()) return metrics.contains(check.metric) && !is_count(check.metric);
        checks::MetricNames names;
        for (const auto& [name, figure] : metrics) names.insert(name);
        const auto read = checks::read_names(check.expression, names);
        return !read || !std::all_of(read->known.begin(), read->known.end(), is_count);
    }

    const RunEnd& end_;
    const ScenarioOutcome& outcome_;
    std::uint64_t broken_ = 0;         // strict checks
    std::uint64_t broken_counts_ = 0;  // of those, the ones without times
    std::uint64_t unknown_ = 0;
    bool invalid_ = false;
    bool counts_hold_ = true;
};

}  // namespace

RunVerdict judge_end(const RunEnd& end) {
    return Judge(end).judge();
}

}  // namespace loadgen::cli
