#include "common/telemetry/sdk.hpp"

#include <deque>
#include <utility>

#include "common/base/uuid.hpp"
#include "common/telemetry/metric_reader.hpp"

namespace loadgen::telemetry {

class Sdk::State {
  public:
    explicit State(SdkOptions options) : options_(std::move(options)), instance_id_(new_uuid()) {
        meter_for(options_.process);
    }

    Result<void> connect() {
        auto exporter = OtlpExporter::create(options_.otlp, *meters_.front(), options_.logger);
        if (!exporter) return std::move(exporter).error();
        exporter_ = std::move(*exporter);
        processor_ = std::make_unique<BatchProcessor>(
            options_.batch, [this](const SpanBatch& batch) { export_spans(batch); });
        register_figures();
        reader_ =
            std::make_unique<MetricReader>(options_.metrics_interval, [this] { return export_metrics(); });
        return {};
    }

    Tracer tracer_for(Resource resource) {
        return Tracer(processor_.get(), scope_of(std::move(resource)), options_.ratio, *options_.clock);
    }

    Meter& meter_for(Resource resource) {
        const std::lock_guard lock(mutex_);
        const std::size_t scope = scope_of(std::move(resource));
        while (meters_.size() <= scope) {
            meters_.push_back(std::make_unique<RecordingMeter>(meters_.size(), *options_.clock));
        }
        return *meters_[scope];
    }

    bool flush(Nanos timeout) {
        if (!exporter_) return true;
        const Instant deadline = system_clock().now() + timeout;
        const bool spans_gone = processor_->flush(timeout);
        return reader_->read_now(deadline - system_clock().now()) && spans_gone;
    }

    void shutdown() {
        if (!exporter_) return;
        exporter_->begin_shutdown(options_.shutdown_timeout);
        // Spans first: the last figures tell what became of them.
        processor_->shutdown();
        reader_->shutdown();
    }

  private:
    std::size_t scope_of(Resource resource) {
        if (resource.service_instance_id.empty()) resource.service_instance_id = instance_id_;
        return resources_.add(resource);
    }

    void export_spans(const SpanBatch& batch) {
        exporter_->send(Signal::kTraces, encode_traces(batch, *resources_.snapshot()), batch.size());
    }

    bool export_metrics() {
        std::vector<MeterSnapshot> snapshots;
        std::size_t points = 0;
        {
            const std::lock_guard lock(mutex_);
            for (const auto& meter : meters_) snapshots.push_back(meter->collect());
        }
        for (const MeterSnapshot& snapshot : snapshots) {
            for (const Metric& metric : snapshot.metrics) points += metric.points.size();
        }
        return exporter_->send(Signal::kMetrics, encode_metrics(snapshots, *resources_.snapshot()), points);
    }

    void register_figures();

    const SdkOptions options_;
    const std::string instance_id_;
    ResourceTable resources_;
    std::mutex mutex_;
    std::deque<std::unique_ptr<RecordingMeter>> meters_;  // by scope; guarded by mutex_
    // Each uses those above it, so the last goes first.
    std::unique_ptr<OtlpExporter> exporter_;
    std::unique_ptr<BatchProcessor> processor_;
    std::unique_ptr<MetricReader> reader_;
};

// Names and attributes: semantic conventions for OpenTelemetry SDK metrics.
void Sdk::State::register_figures() {
    RecordingMeter& meter = *meters_.front();
    const BatchProcessor* processor = processor_.get();
    const Attributes component = {{"otel.component.type", "batching_span_processor"},
                                  {"otel.component.name", "batching_span_processor/0"}};
    meter.up_down_counter(
        "otel.sdk.processor.span.queue.size", "{span}",
        [processor] { return static_cast<double>(processor->queue_size()); }, component);
    meter.up_down_counter(
        "otel.sdk.processor.span.queue.capacity", "{span}",
        [processor] { return static_cast<double>(processor->queue_capacity()); }, component);
    const auto processed = [&](const char* error_type, std::uint64_t (BatchProcessor::*figure)() const) {
        Attributes attributes = component;
        if (error_type != nullptr) attributes.push_back({"error.type", error_type});
        meter.observed_counter(
            "otel.sdk.processor.span.processed", "{span}",
            [processor, figure] { return (processor->*figure)(); }, std::move(attributes));
    };
    processed(nullptr, &BatchProcessor::handed_over);
    processed("queue_full", &BatchProcessor::dropped_queue_full);
    processed("already_shutdown", &BatchProcessor::dropped_after_shutdown);
    meter.up_down_counter("otel.sdk.span.live", "{span}",
                          [processor] { return static_cast<double>(processor->live()); },
                          {{"otel.span.sampling_result", "RECORD_AND_SAMPLE"}});
    constexpr std::pair<ParentOrigin, const char*> kOrigins[] = {
        {ParentOrigin::kNone, "none"}, {ParentOrigin::kLocal, "local"}, {ParentOrigin::kRemote, "remote"}};
    for (const auto& [origin, origin_name] : kOrigins) {
        for (const bool sampled : {true, false}) {
            meter.observed_counter(
                "otel.sdk.span.started", "{span}",
                [processor, from = origin, sampled] { return processor->started(from, sampled); },
                {{"otel.span.parent.origin", origin_name},
                 {"otel.span.sampling_result", sampled ? "RECORD_AND_SAMPLE" : "DROP"}});
        }
    }
}

Result<std::unique_ptr<Sdk>> Sdk::start(SdkOptions options) {
    const bool exports = !options.otlp.url.empty();
    auto state = std::make_unique<State>(std::move(options));
    if (exports) {
        if (auto connected = state->connect(); !connected) return std::move(connected).error();
    }
    return std::unique_ptr<Sdk>(new Sdk(std::move(state)));
}

Sdk::Sdk(std::unique_ptr<State> state) : state_(std::move(state)) {}

Sdk::~Sdk() {
    shutdown();
}

Tracer Sdk::tracer_for(Resource resource) {
    return state_->tracer_for(std::move(resource));
}

Meter& Sdk::meter_for(Resource resource) {
    return state_->meter_for(std::move(resource));
}

bool Sdk::flush(Nanos timeout) {
    return state_->flush(timeout);
}

void Sdk::shutdown() {
    state_->shutdown();
}

}  // namespace loadgen::telemetry
