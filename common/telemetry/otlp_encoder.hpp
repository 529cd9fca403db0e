// Spans and metrics as OTLP protobuf requests (opentelemetry-proto 1.x: collector/trace/v1,
// collector/metrics/v1).
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "common/telemetry/metrics.hpp"
#include "common/telemetry/resource.hpp"
#include "common/telemetry/span_batch.hpp"

namespace loadgen::telemetry {

/// An ExportTraceServiceRequest. One ResourceSpans for each scope that occurs, in order of scope; spans keep
/// their order in it. Scopes beyond `resources` have an empty resource. Text that is not UTF-8 is repaired.
std::string encode_traces(const SpanBatch& spans, std::span<const Resource> resources);

enum class MetricKind : std::uint8_t { kCounter, kUpDownCounter, kGauge, kDurations };

/// One data point: what an instrument with these attributes stands at.
struct MetricPoint {
    Attributes attributes;
    std::uint64_t count = 0;  ///< kCounter
    double value = 0;         ///< kUpDownCounter, kGauge; kDurations: the sum in seconds
    std::array<std::uint64_t, DurationHistogram::kBuckets> buckets{};  ///< kDurations
};

struct Metric {
    std::string name;
    std::string unit;
    MetricKind kind = MetricKind::kCounter;
    std::vector<MetricPoint> points;
};

/// What the meter of one resource stood at.
struct MeterSnapshot {
    std::size_t scope = 0;
    WallTime start;  ///< since when it counts (cumulative temporality)
    WallTime time;
    std::vector<Metric> metrics;
};

/// An ExportMetricsServiceRequest: one ResourceMetrics for each snapshot.
std::string encode_metrics(std::span<const MeterSnapshot> snapshots, std::span<const Resource> resources);

}  // namespace loadgen::telemetry
