// Spans: what happened, when, as part of what. Data model of OpenTelemetry (specification 1.4x, trace API).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/base/time.hpp"
#include "common/telemetry/trace_context.hpp"

namespace loadgen::telemetry {

/// Numbers of the OTLP enum.
enum class SpanKind : std::uint8_t { kInternal = 1, kServer = 2, kClient = 3, kProducer = 4, kConsumer = 5 };
enum class SpanStatus : std::uint8_t { kUnset = 0, kOk = 1, kError = 2 };

using AttributeValue = std::variant<std::string, std::int64_t, double, bool>;
/// The same, with somebody else's text.
using AttributeView = std::variant<std::string_view, std::int64_t, double, bool>;
struct Attribute {
    std::string key;
    AttributeValue value;
    friend bool operator==(const Attribute&, const Attribute&) = default;
};
using Attributes = std::vector<Attribute>;

struct SpanLink {
    SpanContext context;
    Attributes attributes;
    std::uint32_t dropped_attributes = 0;
};
struct SpanEvent {
    std::string name;
    WallTime time;
    Attributes attributes;
    std::uint32_t dropped_attributes = 0;
};

/// A finished span, for whoever wants to look into it.
struct SpanData {
    SpanContext context;
    SpanId parent;               ///< invalid for a root
    bool parent_remote = false;  ///< the parent lives in another process
    std::string name;
    SpanKind kind = SpanKind::kInternal;
    WallTime start;
    WallTime end;
    Attributes attributes;
    std::vector<SpanLink> links;
    std::vector<SpanEvent> events;
    SpanStatus status = SpanStatus::kUnset;
    std::string status_message;
    std::uint32_t dropped_attributes = 0;
    std::uint32_t dropped_links = 0;
    std::uint32_t dropped_events = 0;
    std::size_t scope = 0;  ///< index of the tracer that made it
};

/// A finished span as it is exported: an OTLP message (span_codec.hpp).
struct EncodedSpan {
    std::string_view message;
    std::size_t scope = 0;  ///< index of the tracer that made it
};

namespace detail {
class SpanRecord;
}
class SpanProcessor;

/// A span being worked on. Ends at the latest when destroyed. Always has a context to pass on, also when
/// nobody records it; then everything else costs one comparison. Movable, one thread at a time.
class Span {
  public:
    Span();  ///< no span: invalid context, records nothing
    Span(Span&&) noexcept;
    Span& operator=(Span&& other) noexcept;
    ~Span();

    const SpanContext& context() const { return context_; }
    bool recording() const { return record_ != nullptr; }

    /// Sets or replaces an attribute. Text is kept up to the processor's limit.
    void set(std::string_view key, AttributeView value) {
        if (record_) set_recorded(key, value);
    }
    void rename(std::string_view name);
    /// Ignored for an invalid context.
    void add_link(const SpanContext& context, Attributes attributes = {});
    void add_event(std::string_view name, Attributes attributes = {});
    /// Status Error with the message, `error.type`, and an `exception` event.
    void fail(std::string_view error_type, std::string_view message);
    /// Ok is final, and Unset changes nothing; only Error keeps its message.
    void set_status(SpanStatus status, std::string_view message = {});
    /// Hands the span to the exporter. Later calls do nothing.
    void end();
    /// An end before the start counts as the start.
    void end_at(WallTime time);

  private:
    friend class Tracer;
    void set_recorded(std::string_view key, AttributeView value);
    /// The start on the wall clock, moved on by the monotonic clock: no step of the clock bends a span.
    WallTime now() const;

    SpanContext context_;
    std::unique_ptr<detail::SpanRecord> record_;  // null: not recorded
    SpanProcessor* processor_ = nullptr;
    const Clock* clock_ = nullptr;
    std::int64_t wall_offset_ns_ = 0;  // wall clock minus monotonic clock at the start
};

}  // namespace loadgen::telemetry
