// Starts spans. One tracer a service; all of a process hand their spans to one processor.
#pragma once

#include <span>

#include "common/telemetry/span.hpp"

namespace loadgen::telemetry {

/// Takes finished spans. Thread-safe, never blocks.
class SpanProcessor {
  public:
    virtual ~SpanProcessor() = default;
    virtual void on_end(std::unique_ptr<SpanData> span) = 0;
    virtual std::size_t max_attributes() const { return 128; }
    virtual std::size_t max_links() const { return 128; }
    virtual std::size_t max_events() const { return 128; }
    virtual std::size_t max_text_bytes() const { return 4096; }
};

/// How a span begins.
struct SpanStart {
    std::string_view name;
    SpanKind kind = SpanKind::kInternal;
    const SpanContext* parent = nullptr;  ///< null or invalid: a new trace
    std::span<const SpanLink> links = {};
    WallTime at = {};  ///< 0: now
};

/// Thread-safe. Without a processor nothing is recorded, and spans still have contexts: a child passes its
/// trace on, a root gets new ids, so that logs can name them.
class Tracer {
  public:
    /// `ratio` of the traces that begin here are recorded (TraceIdRatioBased, root decision; children follow
    /// their parent's sampled flag). `processor` may be null; it and `clock` outlive the tracer. `scope`
    /// numbers the instrumented service among those of the processor.
    explicit Tracer(SpanProcessor* processor, std::size_t scope = 0, double ratio = 1.0,
                    const Clock& clock = system_clock())
        : processor_(processor), scope_(scope), ratio_(ratio), clock_(clock) {}

    Span start(const SpanStart& how) const;
    bool enabled() const { return processor_ != nullptr; }

  private:
    SpanProcessor* processor_;
    std::size_t scope_;
    double ratio_;
    const Clock& clock_;
};

}  // namespace loadgen::telemetry
