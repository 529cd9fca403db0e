#include "loadgen/cli/metrics/prometheus_exporter.hpp"

#include <thread>

#include "loadgen/cli/metrics/metrics_listener.hpp"
#include "loadgen/cli/metrics/prometheus_metrics.hpp"

namespace loadgen::cli {
namespace {

constexpr Nanos kLookInterval{20'000'000};

}  // namespace

struct PrometheusExporter::State {
    PrometheusMetrics metrics;
    std::unique_ptr<MetricsListener>
        listener;  // after the metrics: its thread reads them until it is destroyed
};

PrometheusExporter::PrometheusExporter(std::unique_ptr<State> state) : state_(std::move(state)) {}

PrometheusExporter::~PrometheusExporter() = default;

Result<std::unique_ptr<PrometheusExporter>> PrometheusExporter::open(const std::string& address) {
    auto state = std::make_unique<State>();
    auto listener = MetricsListener::open(address, [&metrics = state->metrics](std::string_view accept) {
        const ExpositionFormat format = choose_format(accept);
        return MetricsPage{std::string(content_type(format)), metrics.render(format)};
    });
    if (!listener) return with_context("-prometheus-addr: ", std::move(listener).error());
    state->listener = std::move(*listener);
    return std::unique_ptr<PrometheusExporter>(new PrometheusExporter(std::move(state)));
}

std::string PrometheusExporter::url() const {
    return state_->listener->url();
}

void PrometheusExporter::linger(Nanos limit, const std::function<bool()>& interrupted) const {
    // A scrape that began before the run ended may show an older state: a later one is waited for.
    const Clock& clock = system_clock();
    const Instant end = clock.now() + limit;
    const std::uint64_t before = state_->listener->scrapes_begun();
    while (state_->listener->last_answered() <= before && clock.now() < end && !interrupted()) {
        std::this_thread::sleep_for(kLookInterval);
    }
}

std::string PrometheusExporter::name() const {
    return (next_ != nullptr ? next_->name() + " and " : std::string()) + "the Prometheus metrics";
}

Result<void> PrometheusExporter::begin() {
    return next_ != nullptr ? next_->begin() : Result<void>{};
}

Result<void> PrometheusExporter::take(const runlog::Record& record) {
    state_->metrics.add(record);
    return next_ != nullptr ? next_->take(record) : Result<void>{};
}

Result<void> PrometheusExporter::flush() {
    return next_ != nullptr ? next_->flush() : Result<void>{};
}

}  // namespace loadgen::cli
