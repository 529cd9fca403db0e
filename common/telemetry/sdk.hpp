// Telemetry of a process: tracers and meters for its services, and the export of what they record.
#pragma once

#include <memory>
#include <string>

#include "common/base/result.hpp"
#include "common/telemetry/batch_processor.hpp"
#include "common/telemetry/logger.hpp"
#include "common/telemetry/metrics.hpp"
#include "common/telemetry/otlp_exporter.hpp"
#include "common/telemetry/resource.hpp"
#include "common/telemetry/tracer.hpp"

namespace loadgen::telemetry {

struct SdkOptions {
    OtlpOptions otlp = {};  ///< without a URL nothing is recorded, exported or connected to
    /// The process itself: the SDK's own figures (otel.sdk.*) belong to it. Instance ids that are empty, here
    /// and in the resources of services, become one random UUID.
    Resource process = {"loadgen"};
    double ratio = 1.0;  ///< of the traces that begin here
    BatchOptions batch = {};
    Nanos metrics_interval = std::chrono::seconds(10);
    Nanos shutdown_timeout = std::chrono::seconds(5);  ///< for what is still to be exported at the end
    const Logger* logger = nullptr;                    ///< outlives the Sdk; null: silent
    const Clock* clock = &system_clock();              ///< stamps spans and metrics
};

/// Owns the processor, the exporter and the meters. Outlives every tracer, span and meter that it gave out.
/// Thread-safe, except for shutdown and destruction.
class Sdk {
  public:
    /// The error names a URL that can't be used. Nobody has to listen there.
    static Result<std::unique_ptr<Sdk>> start(SdkOptions options);
    ~Sdk();
    Sdk(const Sdk&) = delete;
    Sdk& operator=(const Sdk&) = delete;

    /// Without a URL: a tracer without processor. The same resource may ask again.
    Tracer tracer_for(Resource resource);
    /// The same resource gets the same meter. Meters count also without a URL.
    Meter& meter_for(Resource resource);

    /// Exports spans that have ended and the state of all meters. False when that takes longer, or when
    /// something was not taken.
    bool flush(Nanos timeout);
    /// Exports what is left, within the shutdown timeout, and stops. Spans that end later are lost and
    /// counted. Done by the destructor; earlier when gauges would read what is destroyed before the Sdk.
    void shutdown();

  private:
    class State;
    explicit Sdk(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace loadgen::telemetry
