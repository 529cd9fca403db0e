#include "reports/render/detail_report.hpp"
#include "reports/render/latency_columns.hpp"

namespace loadgen::reports {
namespace {

using text::JsonWriter;

void write_times(JsonWriter& json, std::string_view name, const stats::Histogram& histogram) {
    json.key(name).begin_object();
    json.key("count").unsigned_integer(histogram.count());
    json.key("min").integer(histogram.min().count());
    json.key("mean").integer(histogram.mean().count());
    for (const PercentileColumn& column : kPercentileColumns) {
        json.key(column.key).integer(histogram.value_at(column.quantile).count());
    }
    json.key("max").integer(histogram.max().count());
    json.end_object();
}

void write_causes(JsonWriter& json, const DetailMetrics& detail) {
    json.key("causes").begin_object();
    for (std::size_t i = 0; i < detail.causes.size(); ++i) {
        if (detail.causes[i] == 0) continue;
        json.key(cause_name(static_cast<Cause>(i))).unsigned_integer(detail.causes[i]);
    }
    json.end_object();
}

void write_endpoints(JsonWriter& json, const DetailMetrics& detail) {
    json.key("endpoints").begin_object();
    for (const auto& [name, answers] : detail.endpoints) {
        json.key(name).begin_object();
        json.key("requests").unsigned_integer(answers.requests);
        json.key("successes").unsigned_integer(answers.successes);
        json.key("bytes_in").unsigned_integer(answers.bytes_in);
        write_times(json, "response_time", answers.response_time);
        write_times(json, "service_time", answers.service_time);
        json.end_object();
    }
    json.end_object();
}

void write_slowest(JsonWriter& json, const Metrics& metrics) {
    json.key("slowest").begin_array();
    for (const SlowRequest& slow : metrics.detail()->slowest.sorted()) {
        json.begin_object();
        json.key("offset").integer(slow.due.unix_ns - metrics.start()->unix_ns);
        json.key("response_time").integer(slow.response_time.count());
        json.key("service_time").integer(slow.service_time.count());
        json.key("send_delay").integer(slow.send_delay.count());
        json.key("seq").unsigned_integer(slow.seq);
        json.key("code").unsigned_integer(slow.code);
        json.key("cause").string(cause_name(slow.cause));
        json.key("endpoint").string(slow.endpoint);
        if (!slow.scenario.empty()) json.key("scenario").string(slow.scenario);
        if (!slow.trace_id.empty()) json.key("trace_id").string(slow.trace_id);
        if (!slow.span_id.empty()) json.key("span_id").string(slow.span_id);
        json.end_object();
    }
    json.end_array();
}

void write_connections(JsonWriter& json, const ConnectionMetrics& connections) {
    json.key("connections").begin_object();
    json.key("opened").unsigned_integer(connections.opened);
    json.key("exchanges").unsigned_integer(connections.exchanges);
    json.key("max_exchanges").unsigned_integer(connections.max_ordinal);
    write_times(json, "dns", connections.dns);
    write_times(json, "connect", connections.connect);
    write_times(json, "tls", connections.tls);
    json.end_object();
}

}  // namespace

void write_detail_json(JsonWriter& json, const Metrics& metrics) {
    if (!metrics.detail()) return;
    const DetailMetrics& detail = *metrics.detail();
    json.key("loadgen").begin_object();
    write_times(json, "response_time", metrics.latencies());
    write_times(json, "service_time", detail.service_time);
    write_times(json, "send_delay", detail.send_delay);
    write_times(json, "wait", detail.wait);
    write_times(json, "body", detail.body);
    write_causes(json, detail);
    write_connections(json, detail.connections);
    write_endpoints(json, detail);
    write_slowest(json, metrics);
    json.key("warm_up").unsigned_integer(detail.warm_up);
    json.key("errors_not_listed").unsigned_integer(metrics.errors_not_listed());
    json.end_object();
}

}  // namespace loadgen::reports
