// `ensure` of a scenario file, judged over the finished report.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "loadgen/plan/checks.hpp"

namespace loadgen::checks {

enum class Verdict : unsigned char {
    kPass,
    kFail,
    kNoData,  ///< is about something that the run did not measure, which never passes
};

struct CheckResult {
    const plan::Check* check = nullptr;
    Verdict verdict = Verdict::kFail;
    std::string detail{};             ///< the figures that it was judged by: "http.response_time.p95 = 12.3"
    std::vector<std::string> read{};  ///< their names; none when it has no data
    bool kept_by_zeros = false;  ///< it would hold if all of them were 0, as one that sets upper limits does
};

using MetricNames = std::set<std::string, std::less<>>;

/// `metrics`: every figure by name. In an expression the longest name that fits at each place counts: "p99"
/// is not found inside of "p999", nor "a.b" inside of "a.b.c". Results in the order of `checks`, which must
/// outlive them.
std::vector<CheckResult> judge(const std::vector<plan::Check>& checks,
                               const std::map<std::string, double>& metrics);

/// The names in an expression, each once.
struct NamesRead {
    std::vector<std::string> known;
    std::vector<std::string> unknown;
};

/// `names`: of all metrics. The error says at which character of `expression` (from 1) it does not parse when
/// these are the metrics.
Result<NamesRead> read_names(std::string_view expression, const MetricNames& names);

}  // namespace loadgen::checks
