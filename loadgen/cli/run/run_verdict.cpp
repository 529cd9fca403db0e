#include "loadgen/cli/run/run_verdict.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "common/base/cause.hpp"
#include "loadgen/cli/exit_code.hpp"
#include "loadgen/steps/meter.hpp"
#include "loadgen/steps/metric_names.hpp"

namespace loadgen::cli {
namespace {

using checks::CheckResult;
using checks::Verdict;

std::string counted(std::uint64_t count, const std::string& one, const std::string& many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

/// A 4xx or 5xx that says nothing about time and load: what comes late also comes at once, and is too much.
bool is_refusal(std::string_view status) {
    constexpr std::array<std::string_view, 4> kMayBeOurs{"408", "429", "503", "504"};
    return status.size() == 3 && (status[0] == '4' || status[0] == '5') &&
           std::find(kMayBeOurs.begin(), kMayBeOurs.end(), status) == kMayBeOurs.end();
}

/// Errors whose cause is in an answer, or in there being nobody. Others may be our lateness: connections that
/// time out or are closed because nothing came, and whatever a processor calls an error.
bool is_servers_error(std::string_view code) {
    namespace failure = steps::failure;
    static const std::array<std::string_view, 8> kServers{steps::node_error_code(Cause::kRefused),
                                                          steps::node_error_code(Cause::kUnreachable),
                                                          steps::node_error_code(Cause::kProtocol),
                                                          failure::kCapture,
                                                          failure::kAssertion,
                                                          failure::kNoEventStream,
                                                          failure::kRedirects,
                                                          failure::kUrl};
    return std::find(kServers.begin(), kServers.end(), code) != kServers.end();
}

/// Counts that our lateness cannot raise. It can all others: requests time out, users stay longer than they
/// should and keep others out.
bool counts_what_servers_did(std::string_view metric) {
    if (metric.starts_with(steps::kCodes)) return is_refusal(metric.substr(steps::kCodes.size()));
    return metric.starts_with(steps::kErrors) && is_servers_error(metric.substr(steps::kErrors.size()));
}

/// Whether a broken check holds although requests came late. Fewer came than should have, so that there was
/// too little of something proves nothing, but too much does.
bool is_proof(const CheckResult& broken) {
    return broken.kept_by_zeros &&
           std::all_of(broken.read.begin(), broken.read.end(), counts_what_servers_did);
}

/// Findings that lose requests; what came of the others may be different for it.
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
            if (is_proof(result)) ++proven_;
        }
        const auto& findings = end.findings;
        invalid_ = std::any_of(findings.begin(), findings.end(), [](const auto& f) { return f.invalid; });
        if (std::any_of(findings.begin(), findings.end(), loses_requests)) proven_ = 0;
    }

    RunVerdict judge() const {
        const std::string broken = what_is_broken();
        if (end_.interrupted != 0) {
            if (broken.empty()) return {end_.interrupted, {}};
            return {end_.interrupted, {"interrupted; until then " + broken}};
        }
        if (!end_.nothing_measured.empty()) {
            return {kExitCouldNotMeasure, {end_.nothing_measured + (broken.empty() ? "" : "; " + broken)}};
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
        const bool proven = outcome_.failed_expectations > 0 || end_.rows_ran_out || proven_ > 0;
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

    const RunEnd& end_;
    const ScenarioOutcome& outcome_;
    std::uint64_t broken_ = 0;  // strict checks
    std::uint64_t proven_ = 0;  // of those, the ones that hold although the measurement is invalid
    std::uint64_t unknown_ = 0;
    bool invalid_ = false;
};

}  // namespace

RunVerdict judge_end(const RunEnd& end) {
    return Judge(end).judge();
}

}  // namespace loadgen::cli
