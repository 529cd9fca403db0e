#include <algorithm>

#include "common/base/duration_text.hpp"
#include "reports/render/detail_report.hpp"
#include "reports/render/format_text.hpp"
#include "reports/render/tab_columns.hpp"
#include "reports/render/vegeta_reports.hpp"

namespace loadgen::reports {
namespace {

std::string durations(std::initializer_list<Nanos> values) {
    std::string text;
    for (const Nanos value : values) (text += text.empty() ? "" : ", ") += display_duration(value);
    return text;
}

std::string total_and_mean(std::uint64_t total, double mean) {
    return std::to_string(total) + ", " + fixed(mean, 2);
}

std::string status_codes(const Metrics& metrics) {
    std::vector<std::pair<std::string, std::uint64_t>> codes;
    for (const auto& [code, count] : metrics.status_codes()) codes.emplace_back(std::to_string(code), count);
    std::sort(codes.begin(), codes.end());
    std::string text;
    for (const auto& [code, count] : codes) text += code + ":" + std::to_string(count) + "  ";
    return text;
}

}  // namespace

std::string text_report(const Metrics& metrics) {
    const stats::Histogram& latencies = metrics.latencies();
    std::string text;
    text += "Requests\t[total, rate, throughput]\t" + std::to_string(metrics.requests()) + ", " +
            fixed(metrics.rate(), 2) + ", " + fixed(metrics.throughput(), 2) + "\n";
    text += "Duration\t[total, attack, wait]\t" +
            durations({metrics.duration() + metrics.wait(), metrics.duration(), metrics.wait()}) + "\n";
    text += "Latencies\t[min, mean, 50, 90, 95, 99, max]\t" +
            durations({latencies.min(), metrics.latency_mean(), latencies.value_at(0.50),
                       latencies.value_at(0.90), latencies.value_at(0.95), latencies.value_at(0.99),
                       latencies.max()}) +
            "\n";
    text += "Bytes In\t[total, mean]\t" + total_and_mean(metrics.bytes_in(), metrics.bytes_in_mean()) + "\n";
    text +=
        "Bytes Out\t[total, mean]\t" + total_and_mean(metrics.bytes_out(), metrics.bytes_out_mean()) + "\n";
    text += "Success\t[ratio]\t" + fixed(metrics.success_ratio() * 100, 2) + "%\n";
    text += "Status Codes\t[code:count]\t" + status_codes(metrics) + "\nError Set:\n";
    for (const std::string& error : metrics.errors()) text += error + "\n";
    if (metrics.errors_not_listed() > 0) {
        text += "(and other errors of " + std::to_string(metrics.errors_not_listed()) + " requests)\n";
    }
    text = align_columns(text);
    if (metrics.detail()) text += "\n" + detail_text(metrics);
    return text;
}

}  // namespace loadgen::reports
