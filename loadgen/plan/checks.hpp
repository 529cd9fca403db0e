// What a run must fulfil, as its scenario file says (`ensure`, `apdex`). Data only: checks are evaluated over
// the finished report, whose metric names are not known before.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/text/mark.hpp"

namespace loadgen::plan {

/// One line of `ensure`.
struct Check {
    /// As shown to people: "http.response_time.p95 < 250", "p95 < 250", "maxErrorRate < 1".
    std::string text;
    /// What is evaluated: metric names, numbers, comparisons, arithmetic, `and`, `or`, `not`, brackets.
    /// Metric names are whole words of the report ("plugins.metrics-by-endpoint.response_time./a b.p99"), to
    /// be found by longest match: they may hold slashes, blanks and dashes.
    std::string expression;
    /// The part of it that `text` has a word of its own for ("maxErrorRate"), whose value in percent is shown
    /// with the figures; empty when there is none.
    std::string percentage;
    /// A threshold or a legacy limit: this metric must be below `below`, and nothing has to be parsed. Empty
    /// for conditions and maxErrorRate.
    std::string metric;
    double below = 0;
    /// Metrics in the expression that a run of the script may report, and need not have. Filled in by whoever
    /// knows them.
    std::vector<std::string> names;
    /// Of the metrics in it, those that count: one of which nothing happened is 0. Filled in likewise.
    std::vector<std::string> counters;
    bool strict = true;  ///< when broken, the run fails; otherwise it is only shown, as "(optional)"
    std::string file;
    text::Mark mark;
    text::Mark first_character;  ///< of the expression; unknown when it does not stand there letter by letter
    std::string path;            ///< of keys: "config.ensure.thresholds[0]"
};

struct Checks {
    std::vector<Check> ensure;
    std::optional<Nanos> apdex_threshold;  ///< satisfied up to this, tolerated up to four times as long
};

}  // namespace loadgen::plan
