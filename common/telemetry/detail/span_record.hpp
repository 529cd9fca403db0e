// A span that is being worked on, as it will be exported (opentelemetry-proto, trace/v1/trace.proto: Span).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/telemetry/span.hpp"

namespace loadgen::telemetry::detail {

/// Attributes, links and events are kept as the bytes that go out: telling a span something costs one append,
/// and nothing is left to do for whoever exports it. Limits are kept by the caller. One thread at a time.
class SpanRecord {
  public:
    SpanRecord() { attributes_.reserve(kUsualAttributeBytes); }
    explicit SpanRecord(const SpanData& span);

    /// Replaces the value where it stands. False when the key is new and there are `max` already.
    bool set(std::string_view key, const AttributeView& value, std::size_t max);
    void add_link(const SpanContext& context, const Attributes& attributes, std::uint32_t dropped_attributes);
    void add_event(std::string_view name, WallTime time, const Attributes& attributes,
                   std::uint32_t dropped_attributes);
    std::size_t links() const { return link_count_; }
    std::size_t events() const { return event_count_; }

    /// Appends the whole message.
    void append_to(std::string& out, const SpanContext& context, WallTime end) const;

    SpanId parent;
    bool parent_remote = false;
    SpanKind kind = SpanKind::kInternal;
    SpanStatus status = SpanStatus::kUnset;
    WallTime start;
    std::string name;
    std::string status_message;
    std::uint32_t dropped_attributes = 0;
    std::uint32_t dropped_links = 0;
    std::uint32_t dropped_events = 0;
    std::size_t scope = 0;

  private:
    static constexpr std::size_t kUsualAttributeBytes = 500;
    static std::uint8_t mark_of(std::string_view key);
    bool marked(std::uint8_t mark) const;
    void append_new(std::string_view key, const AttributeView& value);

    std::string attributes_;
    std::string links_;
    std::string events_;
    std::array<std::uint64_t, 4> marks_{};  // bits, of all keys: one whose mark is missing is new
    std::size_t attribute_count_ = 0;
    std::size_t link_count_ = 0;
    std::size_t event_count_ = 0;
};

}  // namespace loadgen::telemetry::detail
