#include "common/telemetry/otlp_encoder.hpp"

#include <algorithm>
#include <numeric>

#include "common/telemetry/detail/otlp_attributes.hpp"
#include "common/telemetry/detail/protobuf_writer.hpp"

// Field numbers in comments are those of the messages named above each function.

namespace loadgen::telemetry {
namespace {

class Writer : public detail::ProtobufWriter {
  public:
    explicit Writer(std::string& out) : ProtobufWriter(out), out_(out) {}
    void attributes(std::uint32_t field, const Attributes& attributes) {
        detail::append_attributes(out_, field, attributes);
    }

  private:
    std::string& out_;
};

std::uint64_t unix_nanos(WallTime time) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(time.unix_ns, 0));
}

// Resource: attributes 1.
void write_resource(Writer& out, std::size_t scope, std::span<const Resource> resources) {
    out.message(1, [&] {
        if (scope < resources.size()) out.attributes(1, resources[scope].attributes());
    });
}

// InstrumentationScope: name 1, version 2.
void write_instrumentation(Writer& out) {
    out.message(1, [&] {
        out.text(1, "loadgen");
        out.text(2, LOADGEN_VERSION);
    });
}

// NumberDataPoint: start 2, time 3, as_double 4, as_int 6, attributes 7.
void write_number(Writer& out, const MeterSnapshot& meter, MetricKind kind, const MetricPoint& point) {
    if (kind != MetricKind::kGauge) out.fixed64(2, unix_nanos(meter.start));
    out.fixed64(3, unix_nanos(meter.time));
    if (kind == MetricKind::kCounter) {
        out.fixed64_always(6, point.count);
    } else {
        out.double_always(4, point.value);
    }
    out.attributes(7, point.attributes);
}

// HistogramDataPoint: start 2, time 3, count 4, sum 5, bucket_counts 6 and explicit_bounds 7 packed,
// attributes 9.
void write_histogram(Writer& out, const MeterSnapshot& meter, const MetricPoint& point) {
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
    out.attributes(9, point.attributes);
}

// Metric: name 1, unit 3, gauge 5, sum 7, histogram 9. Gauge, Sum, Histogram: data_points 1;
// Sum, Histogram: aggregation_temporality 2 (2 = cumulative); Sum: is_monotonic 3.
void write_metric(Writer& out, const MeterSnapshot& meter, const Metric& metric) {
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
// spans 2, which the batch has as fields already.
std::string encode_traces(const SpanBatch& spans, std::span<const Resource> resources) {
    constexpr std::size_t kUsualHeadBytes = 1000;  // of one resource
    std::string bytes;
    std::size_t size = 0;
    for (std::size_t scope = 0; scope < spans.scopes(); ++scope)
        size += spans.of_scope(scope).empty() ? 0 : spans.of_scope(scope).size() + kUsualHeadBytes;
    bytes.reserve(size);
    Writer out(bytes);
    for (std::size_t scope = 0; scope < spans.scopes(); ++scope) {
        const std::string_view of_scope = spans.of_scope(scope);
        if (of_scope.empty()) continue;
        // Sizes first: what is long is copied once.
        std::string head;
        Writer heads(head);
        write_resource(heads, scope, resources);
        const std::size_t resource_bytes = head.size();
        write_instrumentation(heads);
        const std::size_t instrumentation_bytes = head.size() - resource_bytes;
        detail::SmallBytes scope_spans;
        scope_spans.tag(2, detail::kLengthWire);
        scope_spans.varint(instrumentation_bytes + of_scope.size());
        out.length(1, head.size() + scope_spans.size() + of_scope.size());
        bytes.append(head, 0, resource_bytes).append(scope_spans.view()).append(head, resource_bytes);
        bytes += of_scope;
    }
    return bytes;
}

// ExportMetricsServiceRequest: resource_metrics 1. ResourceMetrics: resource 1, scope_metrics 2.
// ScopeMetrics: scope 1, metrics 2.
std::string encode_metrics(std::span<const MeterSnapshot> snapshots, std::span<const Resource> resources) {
    std::string bytes;
    Writer out(bytes);
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
