// Puts trace defects into finished spans, before the exporter gets them.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "common/telemetry/tracer.hpp"
#include "services/runtime/faults/faults.hpp"

namespace loadgen::services::runtime {

/// Stands in front of another processor. Thread-safe; while no fault is on it only passes on.
class DefectiveSpans final : public telemetry::SpanProcessor {
  public:
    /// Of the spans of one service. `next` and `faults` outlive this object.
    DefectiveSpans(telemetry::SpanProcessor& next, Faults& faults, std::string service);
    ~DefectiveSpans() override;

    void on_start(telemetry::ParentOrigin parent, bool sampled) override { next_.on_start(parent, sampled); }
    void on_end(std::unique_ptr<telemetry::SpanData> span) override;
    void on_encoded(const telemetry::EncodedSpan& span) override;
    std::size_t max_attributes() const override { return next_.max_attributes(); }
    std::size_t max_links() const override { return next_.max_links(); }
    std::size_t max_events() const override { return next_.max_events(); }
    std::size_t max_text_bytes() const override { return next_.max_text_bytes(); }

  private:
    using SpanPtr = std::unique_ptr<telemetry::SpanData>;

    /// Makes what one span cannot be by itself: more spans, fewer, later, mixed up with others.
    void spoil(TraceDefect defect, SpanPtr span);
    void send_late(SpanPtr span);
    void use_other_span(TraceDefect defect, telemetry::SpanData& span);
    void add_children(const telemetry::SpanData& span, TraceDefect defect);
    /// Spans that were held back and have waited long enough.
    void release_late();
    void remember(const telemetry::SpanData& span);

    /// The latest contexts of two traces.
    class RecentTraces {
      public:
        void add(const telemetry::SpanContext& context);
        /// Null when no other trace was seen.
        const telemetry::SpanContext* other_than(const telemetry::TraceId& trace) const;

      private:
        std::optional<telemetry::SpanContext> newest_;
        std::optional<telemetry::SpanContext> before_;  ///< of another trace than newest_
    };
    struct Late {
        SpanPtr span;
        std::size_t left;  ///< spans that still pass it
    };
    telemetry::SpanProcessor& next_;
    Faults& faults_;
    const std::string service_;
    std::mutex mutex_;
    std::deque<Late> late_;              // guarded by mutex_
    std::atomic<bool> any_late_{false};  // late_ has some
    RecentTraces recent_spans_;          // as they were before they were spoiled; guarded by mutex_
    RecentTraces recent_links_;          // the same for what they link to
};

}  // namespace loadgen::services::runtime
