#include <algorithm>

#include "common/base/duration_text.hpp"
#include "reports/render/detail_report.hpp"
#include "reports/render/tab_columns.hpp"

namespace loadgen::reports {
namespace {

std::string outcome(const SlowRequest& slow) {
    return slow.code != 0 ? std::to_string(slow.code) : std::string(cause_name(slow.cause));
}

std::string or_dash(const std::string& text) {
    return text.empty() ? "-" : text;
}

std::string row(const SlowRequest& slow, WallTime start, bool scenarios, bool traces) {
    std::string text = "  " + display_duration(slow.response_time) + "\t" +
                       display_duration(slow.service_time) + "\t" + display_duration(slow.send_delay) + "\t" +
                       display_duration(Nanos(slow.due.unix_ns - start.unix_ns)) + "\t" + outcome(slow) +
                       "\t" + (slow.endpoint.empty() ? "(unnamed)" : slow.endpoint);
    if (scenarios) text += "\t" + or_dash(slow.scenario);
    if (traces) text += "\t" + or_dash(slow.trace_id);
    return text + "\n";
}

}  // namespace

std::string slowest_text(const Metrics& metrics) {
    if (!metrics.detail() || metrics.detail()->slowest.empty()) return {};
    const std::vector<SlowRequest> slowest = metrics.detail()->slowest.sorted();
    const bool scenarios = std::any_of(slowest.begin(), slowest.end(),
                                       [](const SlowRequest& slow) { return !slow.scenario.empty(); });
    const bool traces = std::any_of(slowest.begin(), slowest.end(),
                                    [](const SlowRequest& slow) { return !slow.trace_id.empty(); });
    std::string text = "  Response\tService\tDelay\tDue after\tStatus\tEndpoint";
    if (scenarios) text += "\tScenario";
    if (traces) text += "\tTrace";
    text += "\n";
    for (const SlowRequest& slow : slowest) text += row(slow, *metrics.start(), scenarios, traces);
    return "Slowest requests\n" + align_columns(text);
}

}  // namespace loadgen::reports
