#include "common/base/duration_text.hpp"
#include "reports/render/detail_report.hpp"
#include "reports/render/format_text.hpp"
#include "reports/render/latency_columns.hpp"
#include "reports/render/tab_columns.hpp"

namespace loadgen::reports {
namespace {

std::string percentile_titles() {
    std::string text;
    for (const PercentileColumn& column : kPercentileColumns) (text += column.title) += '\t';
    return text + "max\n";
}

std::string percentile_cells(const stats::Histogram& histogram) {
    std::string text;
    for (const PercentileColumn& column : kPercentileColumns) {
        text += display_duration(histogram.value_at(column.quantile)) + "\t";
    }
    return text + display_duration(histogram.max()) + "\n";
}

std::string time_row(std::string_view name, const stats::Histogram& histogram) {
    return std::string(name) + "\t" + display_duration(histogram.mean()) + "\t" + percentile_cells(histogram);
}

std::string phase_row(std::string_view name, const stats::Histogram& histogram) {
    if (histogram.count() == 0) return {};
    return std::string(name) + "\t" + std::to_string(histogram.count()) + "\t" +
           display_duration(histogram.mean()) + "\t" + percentile_cells(histogram);
}

std::string causes_text(const DetailMetrics& detail) {
    std::string text;
    for (std::size_t i = 0; i < detail.causes.size(); ++i) {
        if (detail.causes[i] == 0) continue;
        text +=
            "  " + std::string(cause_name(static_cast<Cause>(i))) + ":" + std::to_string(detail.causes[i]);
    }
    return text.empty() ? text : "\nCauses" + text + "\n";
}

std::string endpoints_text(const DetailMetrics& detail) {
    if (detail.endpoints.empty()) return {};
    std::string text = "Endpoint (response time)\tRequests\tSuccess\t" + percentile_titles();
    for (const auto& [name, answers] : detail.endpoints) {
        const double ratio = static_cast<double>(answers.successes) / static_cast<double>(answers.requests);
        text += (name.empty() ? "(unnamed)" : name) + "\t" + std::to_string(answers.requests) + "\t" +
                fixed(ratio * 100, 2) + "%\t" + percentile_cells(answers.response_time);
    }
    return "\n" + align_columns(text);
}

std::string connections_text(const DetailMetrics& detail) {
    const ConnectionMetrics& connections = detail.connections;
    const std::string phases = phase_row("DNS", connections.dns) + phase_row("Connect", connections.connect) +
                               phase_row("TLS", connections.tls) + phase_row("Wait", detail.wait) +
                               phase_row("Body", detail.body);
    std::string text;
    if (connections.opened > 0) {
        const double mean =
            static_cast<double>(connections.exchanges) / static_cast<double>(connections.opened);
        text += "\nConnections  [opened, exchanges each: mean, max]  " + std::to_string(connections.opened) +
                ", " + fixed(mean, 2) + ", " + std::to_string(connections.max_ordinal) + "\n";
    }
    if (!phases.empty()) {
        text += "\n" + align_columns("Phase\tCount\tMean\t" + percentile_titles() + phases);
    }
    return text;
}

}  // namespace

std::string detail_text(const Metrics& metrics) {
    if (!metrics.detail()) return {};
    const DetailMetrics& detail = *metrics.detail();
    std::string text = align_columns(
        "Time\tMean\t" + percentile_titles() + time_row("Response (from due)", metrics.latencies()) +
        time_row("Service (from send)", detail.service_time) + time_row("Send delay", detail.send_delay));
    text += causes_text(detail) + endpoints_text(detail) + connections_text(detail);
    if (const std::string slowest = slowest_text(metrics); !slowest.empty()) text += "\n" + slowest;
    if (detail.warm_up > 0) text += "\nWarm-up  " + std::to_string(detail.warm_up) + " requests left out\n";
    return text;
}

}  // namespace loadgen::reports
