#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "reports/render/artillery_reports.hpp"

namespace loadgen::reports {
namespace {

constexpr std::size_t kWidth = 79;

/// At most two decimals, none that are zero.
std::string number(double value) {
    char text[64];
    std::snprintf(text, sizeof text, "%.2f", value);
    std::string trimmed = text;
    trimmed.erase(trimmed.find_last_not_of('0') + 1);
    if (trimmed.ends_with('.')) trimmed.pop_back();
    return trimmed;
}

std::string dotted(const std::string& label, const std::string& value) {
    const std::size_t used = label.size() + value.size() + 2;
    const std::size_t dots = used < kWidth ? kWidth - used : 1;
    return label + " " + std::string(dots, '.') + " " + value + "\n";
}

std::string lines_of(const std::string& name, const Summary& summary) {
    std::string lines = name + ":\n";
    lines += dotted("  min:", number(summary.min));
    lines += dotted("  max:", number(summary.max));
    lines += dotted("  mean:", number(summary.mean));
    lines += dotted("  median:", number(summary.p50));
    lines += dotted("  p95:", number(summary.p95));
    lines += dotted("  p99:", number(summary.p99));
    return lines;
}

}  // namespace

std::string artillery_text(const ScenarioPeriod& period) {
    std::map<std::string, std::string> lines;
    for (const auto& [name, value] : period.counters)
        lines[name] += dotted(name + ":", std::to_string(value));
    for (const auto& [name, value] : period.rates) {
        const bool is_score = name == kApdexScore;
        std::string line = dotted(name + ":", number(value));
        if (!is_score) line.insert(line.size() - 1, "/sec");
        lines[name] += line;
    }
    for (const auto& [name, summary] : period.summaries) lines[name] += lines_of(name, summary);
    std::string text;
    for (const auto& [name, of_metric] : lines) text += of_metric;
    return text;
}

}  // namespace loadgen::reports
