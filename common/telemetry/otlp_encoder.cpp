#include "common/telemetry/otlp_encoder.hpp"

#include <algorithm>
#include <numeric>

#include "common/telemetry/detail/protobuf_writer.hpp"

// Field numbers in comments are those of the messages named above each function.

namespace loadgen::telemetry {
namespace {

using detail::ProtobufWriter;

constexpr std::uint32_t kRemoteKnown = 0x100;  // SpanFlags: the bit below says something
constexpr std::uint32_t kRemote = 0x200;
constexpr std::size_t kUsualSpanBytes = 400;

std::uint64_t unix_nanos(WallTime time) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(time.unix_ns, 0));
}

template <typename Id>
std::string_view view(const Id& id) {
    return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

std::uint32_t otlp_flags(std::uint8_t w3c_flags, bool remote) {
    return std::uint32_t{w3c_flags} | kRemoteKnown | (remote ? kRemote : 0);
}

// AnyValue: string 1, bool 2, int 3, double 4. A oneof: also defaults are written.
struct ValueWriter {
    ProtobufWriter& out;
    void operator()(const std::string& text) const { out.text_always(1, text); }
    void operator()(bool value) const { out.varint_always(2, value ? 1 : 0); }
    void operator()(std::int64_t number) const { out.varint_always(3, static_cast<std::uint64_t>(number)); }
    void operator()(double number) const { out.double_always(4, number); }
};

// KeyValue: key 1, value 2.
void write_attributes(ProtobufWriter& out, std::uint32_t field, const Attributes& attributes) {
    for (const Attribute& attribute : attributes) {
        out.message(field, [&] {
            out.text(1, attribute.key);
            out.message(2, [&] { std::visit(ValueWriter{out}, attribute.value); });
        });
    }
}

// Span.Event: time 1, name 2, attributes 3, dropped_attributes_count 4.
void write_event(ProtobufWriter& out, const SpanEvent& event) {
    out.fixed64(1, unix_nanos(event.time));
    out.text(2, event.name);
    write_attributes(out, 3, event.attributes);
    out.varint(4, event.dropped_attributes);
}

// Span.Link: trace_id 1, span_id 2, trace_state 3, attributes 4, dropped_attributes_count 5, flags 6.
void write_link(ProtobufWriter& out, const SpanLink& link) {
    out.bytes(1, view(link.context.trace_id));
    out.bytes(2, view(link.context.span_id));
    out.text(3, link.context.state);
    write_attributes(out, 4, link.attributes);
    out.varint(5, link.dropped_attributes);
    out.fixed32(6, otlp_flags(link.context.flags, link.context.remote));
}

// Span: see the numbers below; Status: message 2, code 3.
void write_span(ProtobufWriter& out, const SpanData& span) {
    out.bytes(1, view(span.context.trace_id));
    out.bytes(2, view(span.context.span_id));
    out.text(3, span.context.state);
    if (span.parent.valid()) out.bytes(4, view(span.parent));
    out.text(5, span.name);
    out.varint(6, static_cast<std::uint64_t>(span.kind));
    out.fixed64(7, unix_nanos(span.start));
    out.fixed64(8, unix_nanos(span.end));
    write_attributes(out, 9, span.attributes);
    out.varint(10, span.dropped_attributes);
    for (const SpanEvent& event : span.events) out.message(11, [&] { write_event(out, event); });
    out.varint(12, span.dropped_events);
    for (const SpanLink& link : span.links) out.message(13, [&] { write_link(out, link); });
    out.varint(14, span.dropped_links);
    if (span.status != SpanStatus::kUnset) {
        out.message(15, [&] {
            out.text(2, span.status_message);
            out.varint(3, static_cast<std::uint64_t>(span.status));
        });
    }
    out.fixed32(16, otlp_flags(span.context.flags, span.parent_remote));
}

// Resource: attributes 1.
void write_resource(ProtobufWriter& out, std::size_t scope, std::span<const Resource> resources) {
    out.message(1, [&] {
        if (scope < resources.size()) write_attributes(out, 1, resources[scope].attributes());
    });
}

// InstrumentationScope: name 1, version 2.
void write_instrumentation(ProtobufWriter& out) {
    out.message(1, [&] {
        out.text(1, "loadgen");
        out.text(2, LOADGEN_VERSION);
    });
}

std::vector<const SpanData*> by_scope(std::span<const std::unique_ptr<SpanData>> spans) {
    std::vector<const SpanData*> sorted;
    sorted.reserve(spans.size());
    for (const auto& span : spans) sorted.push_back(span.get());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const SpanData* a, const SpanData* b) { return a->scope < b->scope; });
    return sorted;
}

// NumberDataPoint: start 2, time 3, as_double 4, as_int 6, attributes 7.
void write_number(ProtobufWriter& out, const MeterSnapshot& meter, MetricKind kind,
                  const MetricPoint& point) {
    if (kind != MetricKind::kGauge) out.fixed64(2, unix_nanos(meter.start));
    out.fixed64(3, unix_nanos(meter.time));
    if (kind == MetricKind::kCounter) {
        out.fixed64_always(6, point.count);
    } else {
        out.double_always(4, point.value);
    }
    write_attributes(out, 7, point.attributes);
}

// HistogramDataPoint: start 2, time 3, count 4, sum 5, bucket_counts 6 and explicit_bounds 7 packed,
// attributes 9.
void write_histogram(ProtobufWriter& out, const MeterSnapshot& meter, const MetricPoint& point) {
    out.fixed64(2, unix_nanos(meter.start));
    out.fixed64(3, unix_nanos(meter.time));
    out.fixed64(4, std::accumulate(point.buckets.begin(), point.buckets.end(), std::uint64_t{0}));
    out.double_always(5, point.value);
    out.message(6, [&] {
        for (const std::uint64_t bucket : point.buckets) out.raw_fixed(bucket, 8);
    });
    out.message(7, [&] {
        for (const std::int64_t bound : DurationHistogram::kBoundsNs) {
            out.raw_fixed(std::bit_cast<std::uint64_t>(static_cast<double>(bound) / 1e9), 8);
        }
    });
    write_attributes(out, 9, point.attributes);
}

// Metric: name 1, unit 3, gauge 5, sum 7, histogram 9. Gauge, Sum, Histogram: data_points 1;
// Sum, Histogram: aggregation_temporality 2 (2 = cumulative); Sum: is_monotonic 3.
void write_metric(ProtobufWriter& out, const MeterSnapshot& meter, const Metric& metric) {
    constexpr std::uint64_t kCumulative = 2;
    const auto points = [&](auto write) {
        for (const MetricPoint& point : metric.points) out.message(1, [&] { write(point); });
    };
    const auto number = [&](const MetricPoint& point) { write_number(out, meter, metric.kind, point); };
    out.text(1, metric.name);
    out.text(3, metric.unit);
    switch (metric.kind) {
        case MetricKind::kGauge:
            out.message(5, [&] { points(number); });
            break;
        case MetricKind::kCounter:
        case MetricKind::kUpDownCounter:
            out.message(7, [&] {
                points(number);
                out.varint(2, kCumulative);
                out.varint(3, metric.kind == MetricKind::kCounter ? 1 : 0);
            });
            break;
        case MetricKind::kDurations:
            out.message(9, [&] {
                points([&](const MetricPoint& point) { write_histogram(out, meter, point); });
                out.varint(2, kCumulative);
            });
            break;
    }
}

}  // namespace

// ExportTraceServiceRequest: resource_spans 1. ResourceSpans: resource 1, scope_spans 2. ScopeSpans: scope 1,
// spans 2.
std::string encode_traces(std::span<const std::unique_ptr<SpanData>> spans,
                          std::span<const Resource> resources) {
    std::string bytes;
    bytes.reserve(spans.size() * kUsualSpanBytes);
    ProtobufWriter out(bytes);
    const std::vector<const SpanData*> sorted = by_scope(spans);
    for (auto begin = sorted.begin(); begin != sorted.end();) {
        const std::size_t scope = (*begin)->scope;
        const auto end =
            std::find_if(begin, sorted.end(), [&](const SpanData* span) { return span->scope != scope; });
        out.message(1, [&] {
            write_resource(out, scope, resources);
            out.message(2, [&] {
                write_instrumentation(out);
                for (; begin != end; ++begin) out.message(2, [&] { write_span(out, **begin); });
            });
        });
    }
    return bytes;
}

// ExportMetricsServiceRequest: resource_metrics 1. ResourceMetrics: resource 1, scope_metrics 2.
// ScopeMetrics: scope 1, metrics 2.
std::string encode_metrics(std::span<const MeterSnapshot> snapshots, std::span<const Resource> resources) {
    std::string bytes;
    ProtobufWriter out(bytes);
    for (const MeterSnapshot& meter : snapshots) {
        if (meter.metrics.empty()) continue;
        out.message(1, [&] {
            write_resource(out, meter.scope, resources);
            out.message(2, [&] {
                write_instrumentation(out);
                for (const Metric& metric : meter.metrics)
                    out.message(2, [&] { write_metric(out, meter, metric); });
            });
        });
    }
    return bytes;
}

}  // namespace loadgen::telemetry
