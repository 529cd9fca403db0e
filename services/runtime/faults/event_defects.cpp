// The defects that an event carries: its CloudEvent is rewritten around its payload.
#include <algorithm>
#include <utility>

#include "common/base/uuid.hpp"
#include "common/telemetry/datadog_carrier.hpp"
#include "common/telemetry/logger.hpp"
#include "services/runtime/faults/trace_defects.hpp"

namespace loadgen::services::runtime {
namespace {

using telemetry::SpanContext;

constexpr std::size_t kTraceIdAt = 3;  // in a traceparent
constexpr std::size_t kTraceIdLength = 32;
constexpr std::size_t kFlagsAt = 53;
constexpr std::int64_t kNsPerMs = 1'000'000;

/// The part of a CloudEvent before its payload, which stays as it is: the writer puts `data` last.
class Envelope {
  public:
    Envelope(std::string& json, std::size_t payload_bytes)
        : json_(json), tail_(json.substr(json.size() - std::min(json.size(), payload_bytes + 1))) {
        json_.resize(json_.size() - tail_.size());
    }
    ~Envelope() { json_ += tail_; }
    Envelope(const Envelope&) = delete;
    Envelope& operator=(const Envelope&) = delete;

    void replace_all(std::string_view from, std::string_view to) {
        if (from.empty()) return;
        for (auto at = json_.find(from); at != std::string::npos; at = json_.find(from, at + to.size())) {
            json_.replace(at, from.size(), to);
        }
    }
    void replace_last(std::string_view from, std::string_view to) {
        const auto at = json_.rfind(from);
        if (at != std::string::npos) json_.replace(at, from.size(), to);
    }
    /// A member with a text value, wherever it is, and the comma behind or before it.
    void remove_texts(std::string_view name) {
        const std::string key = '"' + std::string(name) + "\":\"";
        for (auto at = json_.find(key); at != std::string::npos; at = json_.find(key, at)) {
            auto end = json_.find('"', at + key.size()) + 1;
            if (json_[end] == ',') {
                ++end;
            } else if (at > 0 && json_[at - 1] == ',') {
                --at;
            }
            json_.erase(at, end - at);
        }
    }
    /// `"_datadog":{...},`, which holds texts only.
    void remove_datadog() {
        const auto at = json_.find("\"_datadog\":{");
        if (at == std::string::npos) return;
        auto end = json_.find('}', at) + 1;
        if (json_[end] == ',') ++end;
        json_.erase(at, end - at);
    }
    /// Puts the carriers of `to` where those of `from` are.
    void carry(const SpanContext& from, const SpanContext& to) {
        std::vector<std::pair<std::string, std::string>> before;
        std::vector<std::pair<std::string, std::string>> after;
        telemetry::append_carrier(from, before);
        telemetry::append_carrier(to, after);
        replace_all(telemetry::format_traceparent(from), telemetry::format_traceparent(to));
        for (const auto& [name, value] : before) {
            if (!name.starts_with("x-")) continue;
            const auto same = std::find_if(after.begin(), after.end(),
                                           [&name = name](const auto& field) { return field.first == name; });
            if (same == after.end()) {
                remove_texts(name);
            } else {
                replace_all(field(name, value), field(name, same->second));
            }
        }
    }

  private:
    static std::string field(std::string_view name, std::string_view value) {
        return '"' + std::string(name) + "\":\"" + std::string(value) + '"';
    }
    std::string& json_;
    const std::string tail_;
};

SpanContext elsewhere(SpanContext context) {
    const std::string uuid = new_uuid();
    for (std::size_t i = 0; i < context.trace_id.bytes.size(); ++i) {
        context.trace_id.bytes[i] ^= static_cast<std::uint8_t>(uuid[i] | 1);
    }
    return context;
}

SpanContext with_flags(SpanContext context, std::uint8_t set, std::uint8_t cleared) {
    context.flags = static_cast<std::uint8_t>((context.flags | set) & ~cleared);
    return context;
}

void truncate(Envelope& envelope, const SpanContext& trace) {
    SpanContext shorter = trace;
    std::fill_n(shorter.trace_id.bytes.begin(), shorter.trace_id.bytes.size() / 2, std::uint8_t{0});
    // A trace id whose low half is zero would become invalid instead.
    if (shorter.valid()) envelope.carry(trace, shorter);
}

void upper_case(Envelope& envelope, const std::string& parent) {
    std::string loud = parent;
    std::transform(loud.begin(), loud.end(), loud.begin(),
                   [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; });
    envelope.replace_all(parent, loud);
}

void zero(Envelope& envelope, const std::string& parent) {
    std::string zeros = parent;
    zeros.replace(kTraceIdAt, kTraceIdLength, std::string(kTraceIdLength, '0'));
    envelope.replace_all(parent, zeros);
    // The other form of the context would make up for it.
    envelope.remove_texts("x-datadog-trace-id");
}

void epoch_time(Envelope& envelope, const contracts::Event& event) {
    std::string time;
    telemetry::append_rfc3339(time, event.time);
    envelope.replace_all("\"time\":\"" + time + '"',
                         "\"time\":\"" + std::to_string(event.time.unix_ns / kNsPerMs) + '"');
}

void spoil_carriers(TraceDefect defect, const SpanContext& trace, Envelope& envelope) {
    const std::string parent = telemetry::format_traceparent(trace);
    switch (defect) {
        case TraceDefect::kCarrierFormat:
            return envelope.replace_all(parent, parent.substr(0, kFlagsAt - 1));
        case TraceDefect::kCarrierZero:
            return zero(envelope, parent);
        case TraceDefect::kCarrierTruncated:
            return truncate(envelope, trace);
        case TraceDefect::kCarrierCase:
            return upper_case(envelope, parent);
        case TraceDefect::kCarrierMissing:
            envelope.remove_datadog();
            envelope.remove_texts("tracestate");
            return envelope.remove_texts("traceparent");
        case TraceDefect::kCarrierForeign:
            return envelope.carry(trace, elsewhere(trace));
        case TraceDefect::kCarrierMixed:
            return envelope.replace_last(parent, telemetry::format_traceparent(elsewhere(trace)));
        case TraceDefect::kCarrierFlagLost:
            return envelope.carry(trace, with_flags(trace, 0, telemetry::kSampledFlag));
        case TraceDefect::kCarrierFlagForged:
            return envelope.carry(trace, with_flags(trace, telemetry::kSampledFlag, 0));
        case TraceDefect::kCarrierRandomLost:
            return envelope.carry(trace, with_flags(trace, 0, telemetry::kRandomFlag));
        case TraceDefect::kCarrierStateDropped:
            return envelope.remove_texts("tracestate");
        default:
            return;
    }
}

}  // namespace

void apply_to_event(TraceDefect defect, const contracts::Event& event, std::string& detail_json) {
    Envelope envelope(detail_json, event.data.size());
    if (defect == TraceDefect::kEventTime) return epoch_time(envelope, event);
    if (event.trace.valid()) spoil_carriers(defect, event.trace, envelope);
}

}  // namespace loadgen::services::runtime
