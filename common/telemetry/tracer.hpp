// Starts spans. One tracer a service; all of a process hand their spans to one processor.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "common/telemetry/span.hpp"

namespace loadgen::telemetry {

/// Where the parent of a span is; the well-known values of `otel.span.parent.origin`.
enum class ParentOrigin : std::uint8_t { kNone, kLocal, kRemote };

/// Takes finished spans. Thread-safe, never blocks.
class SpanProcessor {
  public:
    virtual ~SpanProcessor() = default;
    /// A span begins; `sampled` when it is recorded and will come to on_end.
    virtual void on_start(ParentOrigin /*parent*/, bool /*sampled*/) {}
    virtual void on_end(std::unique_ptr<SpanData> span) = 0;
    /// What spans call when they end; `span` is the caller's again afterwards. Decodes it for on_end, unless
    /// a processor can do without.
    virtual void on_encoded(const EncodedSpan& span);
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

/// Thread-safe. Without a processor nothing is recorded, and spans still have contexts: a child stands for
/// its parent and passes that context on unchanged (a new span id would name a span that nobody ever sees), a
/// root gets new ids, so that logs can name them.
///
/// Ids come from a generator of the thread that was seeded by the operating system. New roots carry the
/// random flag (W3C Trace Context level 2, section 3.2.2.5.2); a trace is recorded when the number in the
/// last 7 bytes of its id is at least (1 - ratio) * 2^56, the rule that OpenTelemetry gives for consistent
/// sampling.
class Tracer {
  public:
    /// `ratio` of the traces that begin here are recorded (TraceIdRatioBased, root decision; children follow
    /// their parent's sampled flag). `processor` may be null; it and `clock` outlive the tracer. `scope`
    /// numbers the instrumented service among those of the processor.
    explicit Tracer(SpanProcessor* processor, std::size_t scope = 0, double ratio = 1.0,
                    const Clock& clock = system_clock())
        : processor_(processor), scope_(scope), threshold_(threshold(ratio)), clock_(clock) {}

    Span start(const SpanStart& how) const;
    bool enabled() const { return processor_ != nullptr; }
    /// Where spans go when they end; null when nothing is recorded.
    SpanProcessor* processor() const { return processor_; }
    /// The same tracer, whose spans go to `processor` instead. It outlives the tracer.
    Tracer ending_at(SpanProcessor& processor) const {
        Tracer other = *this;
        other.processor_ = &processor;
        return other;
    }

  private:
    static std::uint64_t threshold(double ratio);
    void record(Span& span, const SpanStart& how, const SpanContext* parent) const;

    SpanProcessor* processor_;
    std::size_t scope_;
    std::uint64_t threshold_;  // 2^56: nothing
    const Clock& clock_;
};

}  // namespace loadgen::telemetry
