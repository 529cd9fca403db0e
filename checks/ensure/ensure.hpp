// `ensure` of a scenario file, judged over the finished report.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/plan/checks.hpp"

namespace loadgen::checks {

enum class Verdict : unsigned char {
    kPass,
    kFail,
    kNoData,  ///< names a metric that the run did not measure, which never passes
};

struct CheckResult {
    const plan::Check* check = nullptr;
    Verdict verdict = Verdict::kFail;
    std::string detail;  ///< the figures that it was judged by: "http.response_time.p95 = 12.3"
};

/// `metrics`: every figure by name. Results in the order of `checks`, which must outlive them.
std::vector<CheckResult> judge(const std::vector<plan::Check>& checks,
                               const std::map<std::string, double>& metrics);

/// The expression with every metric name in it put in quotes, the longest name that fits at each place: "p99"
/// is not found inside of "p999", nor "a.b" inside of "a.b.c".
std::string quote_metrics(std::string_view expression, const std::map<std::string, double>& metrics,
                          std::vector<std::string>& used);

}  // namespace loadgen::checks
