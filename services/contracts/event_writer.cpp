#include "common/telemetry/datadog_carrier.hpp"
#include "common/telemetry/logger.hpp"
#include "common/text/json_writer.hpp"
#include "services/contracts/event.hpp"

namespace loadgen::services::contracts {
namespace {

constexpr std::size_t kEnvelopeBytes = 640;  // what the fields around `data` usually need

void write_trace(text::JsonWriter& json, const telemetry::SpanContext& trace) {
    if (!trace.valid()) return;
    json.key("traceparent").string(telemetry::format_traceparent(trace));
    if (!trace.state.empty()) json.key("tracestate").string(trace.state);
    std::vector<std::pair<std::string, std::string>> carrier;
    telemetry::append_carrier(trace, carrier);
    json.key("_datadog").begin_object();
    for (const auto& [name, value] : carrier) json.key(name).string(value);
    json.end_object();
}

void write_if_there(text::JsonWriter& json, std::string_view name, std::string_view value) {
    if (!value.empty()) json.key(name).string(value);
}

}  // namespace

std::string write_event(const Event& event) {
    std::string time;
    telemetry::append_rfc3339(time, event.time);
    std::string out;
    out.reserve(kEnvelopeBytes + event.data.size());
    text::JsonWriter json(out);
    json.begin_object();
    json.key("specversion").string("1.0");
    json.key("id").string(event.id);
    json.key("source").string(event.source);
    json.key("type").string(event.type);
    json.key("time").string(time);
    json.key("datacontenttype").string("application/json");
    write_trace(json, event.trace);
    write_if_there(json, "conversationId", event.conversation_id);
    write_if_there(json, "deprecationdate", event.deprecation_date);
    write_if_there(json, "supercededby", event.superseded_by);
    json.key("data").raw(event.data);
    json.end_object();
    return out;
}

}  // namespace loadgen::services::contracts
