#include <algorithm>

#include "common/text/json_writer.hpp"
#include "common/text/timestamp.hpp"
#include "reports/render/detail_report.hpp"
#include "reports/render/vegeta_reports.hpp"

namespace loadgen::reports {
namespace {

using text::JsonWriter;

void write_latencies(JsonWriter& json, const Metrics& metrics) {
    const stats::Histogram& latencies = metrics.latencies();
    json.key("latencies").begin_object();
    json.key("total").integer(metrics.latency_total().count());
    json.key("mean").integer(metrics.latency_mean().count());
    json.key("50th").integer(latencies.value_at(0.50).count());
    json.key("90th").integer(latencies.value_at(0.90).count());
    json.key("95th").integer(latencies.value_at(0.95).count());
    json.key("99th").integer(latencies.value_at(0.99).count());
    json.key("max").integer(latencies.max().count());
    json.key("min").integer(latencies.min().count());
    json.end_object();
}

void write_buckets(JsonWriter& json, const LatencyBuckets& buckets) {
    json.key("buckets").begin_object();
    for (std::size_t i = 0; i < buckets.bounds().size(); ++i) {
        json.key(std::to_string(buckets.bounds()[i].count())).unsigned_integer(buckets.counts()[i]);
    }
    json.end_object();
}

void write_bytes(JsonWriter& json, std::string_view name, std::uint64_t total, double mean) {
    json.key(name).begin_object();
    json.key("total").unsigned_integer(total);
    json.key("mean").number(mean);
    json.end_object();
}

void write_time(JsonWriter& json, std::string_view name, std::optional<WallTime> time) {
    std::string text = "\"";
    if (time) {
        text::append_timestamp(text, *time);
    } else {
        text += "0001-01-01T00:00:00Z";  // Go's zero time, which is what vegeta prints without results
    }
    json.key(name).raw(text += '"');
}

void write_status_codes(JsonWriter& json, const Metrics& metrics) {
    std::vector<std::pair<std::string, std::uint64_t>> codes;
    for (const auto& [code, count] : metrics.status_codes()) codes.emplace_back(std::to_string(code), count);
    std::sort(codes.begin(), codes.end());
    json.key("status_codes").begin_object();
    for (const auto& [code, count] : codes) json.key(code).unsigned_integer(count);
    json.end_object();
}

}  // namespace

std::string json_report(const Metrics& metrics, const LatencyBuckets* buckets) {
    std::string out;
    JsonWriter json(out, text::JsonEscape::kGo);
    json.begin_object();
    write_latencies(json, metrics);
    if (buckets != nullptr) write_buckets(json, *buckets);
    write_bytes(json, "bytes_in", metrics.bytes_in(), metrics.bytes_in_mean());
    write_bytes(json, "bytes_out", metrics.bytes_out(), metrics.bytes_out_mean());
    write_time(json, "earliest", metrics.earliest());
    write_time(json, "latest", metrics.latest());
    write_time(json, "end", metrics.end());
    json.key("duration").integer(metrics.duration().count());
    json.key("wait").integer(metrics.wait().count());
    json.key("requests").unsigned_integer(metrics.requests());
    json.key("rate").number(metrics.rate());
    json.key("throughput").number(metrics.throughput());
    json.key("success").number(metrics.success_ratio());
    write_status_codes(json, metrics);
    json.key("errors").begin_array();
    for (const std::string& error : metrics.errors()) json.string(error);
    json.end_array();
    if (metrics.detail()) write_detail_json(json, metrics);
    json.end_object();
    json.new_line();
    return out;
}

}  // namespace loadgen::reports
