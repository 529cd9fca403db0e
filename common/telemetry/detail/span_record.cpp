#include "common/telemetry/detail/span_record.hpp"

#include <algorithm>
#include <cstring>

#include "common/telemetry/detail/otlp_attributes.hpp"
#include "common/telemetry/detail/protobuf_reader.hpp"
#include "common/telemetry/detail/protobuf_writer.hpp"

// Field numbers in comments are those of the messages named above each function.

namespace loadgen::telemetry::detail {
namespace {

constexpr std::uint32_t kRemoteKnown = 0x100;  // SpanFlags: the bit below says something
constexpr std::uint32_t kRemote = 0x200;
constexpr std::uint32_t kAttributes = 9;

std::uint64_t unix_nanos(WallTime time) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(time.unix_ns, 0));
}

template <typename Id>
std::string_view view(const Id& id) {
    return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

std::uint32_t otlp_flags(std::uint8_t w3c_flags, bool remote) {
    return std::uint32_t{w3c_flags} | kRemoteKnown | (remote ? kRemote : 0);
}

}  // namespace

SpanRecord::SpanRecord(const SpanData& span)
    : parent(span.parent),
      parent_remote(span.parent_remote),
      kind(span.kind),
      status(span.status),
      start(span.start),
      name(span.name),
      status_message(span.status_message),
      dropped_attributes(span.dropped_attributes),
      dropped_links(span.dropped_links),
      dropped_events(span.dropped_events),
      scope(span.scope) {
    for (const Attribute& attribute : span.attributes) append_new(attribute.key, view_of(attribute.value));
    for (const SpanLink& link : span.links) add_link(link.context, link.attributes, link.dropped_attributes);
    for (const SpanEvent& event : span.events)
        add_event(event.name, event.time, event.attributes, event.dropped_attributes);
}

// Keys differ in length and at their end.
std::uint8_t SpanRecord::mark_of(std::string_view key) {
    std::uint64_t tail = 0;
    const std::size_t size = std::min(key.size(), sizeof tail);
    std::memcpy(&tail, key.data() + key.size() - size, size);
    constexpr std::uint64_t kMix = 0x9e3779b97f4a7c15U;  // 2^64 divided by the golden ratio
    return static_cast<std::uint8_t>(((tail + key.size()) * kMix) >> 56);
}

bool SpanRecord::marked(std::uint8_t mark) const {
    return (marks_[mark / 64] >> (mark % 64) & 1) != 0;
}

void SpanRecord::append_new(std::string_view key, const AttributeView& value) {
    append_attribute(attributes_, kAttributes, key, value);
    const std::uint8_t mark = mark_of(key);
    marks_[mark / 64] |= std::uint64_t{1} << (mark % 64);
    ++attribute_count_;
}

bool SpanRecord::set(std::string_view key, const AttributeView& value, std::size_t max) {
    if (marked(mark_of(key))) {
        std::string_view left = attributes_;
        for (ProtobufField field; !left.empty();) {
            const std::size_t begin = attributes_.size() - left.size();
            if (!read_field(left, field)) break;
            if (key_of(field.bytes) != key) continue;
            std::string replacement;
            append_attribute(replacement, kAttributes, key, value);
            attributes_.replace(begin, attributes_.size() - left.size() - begin, replacement);
            return true;
        }
    }
    if (attribute_count_ >= max) return false;
    append_new(key, value);
    return true;
}

// Span.Link: trace_id 1, span_id 2, trace_state 3, attributes 4, dropped_attributes_count 5, flags 6.
void SpanRecord::add_link(const SpanContext& context, const Attributes& attributes,
                          std::uint32_t dropped_attributes_of_link) {
    ProtobufWriter out(links_);
    out.message(13, [&] {
        out.bytes(1, view(context.trace_id));
        out.bytes(2, view(context.span_id));
        out.text(3, context.state);
        append_attributes(links_, 4, attributes);
        out.varint(5, dropped_attributes_of_link);
        out.fixed32(6, otlp_flags(context.flags, context.remote));
    });
    ++link_count_;
}

// Span.Event: time 1, name 2, attributes 3, dropped_attributes_count 4.
void SpanRecord::add_event(std::string_view event_name, WallTime time, const Attributes& attributes,
                           std::uint32_t dropped_attributes_of_event) {
    ProtobufWriter out(events_);
    out.message(11, [&] {
        out.fixed64(1, unix_nanos(time));
        out.text(2, event_name);
        append_attributes(events_, 3, attributes);
        out.varint(4, dropped_attributes_of_event);
    });
    ++event_count_;
}

// Span: see the numbers below; attributes 9, events 11, links 13. Status: message 2, code 3.
void SpanRecord::append_to(std::string& bytes, const SpanContext& context, WallTime end) const {
    ProtobufWriter out(bytes);
    out.bytes(1, view(context.trace_id));
    out.bytes(2, view(context.span_id));
    out.text(3, context.state);
    if (parent.valid()) out.bytes(4, view(parent));
    out.text(5, name);
    out.varint(6, static_cast<std::uint64_t>(kind));
    out.fixed64(7, unix_nanos(start));
    out.fixed64(8, unix_nanos(end));
    bytes += attributes_;
    out.varint(10, dropped_attributes);
    bytes += events_;
    out.varint(12, dropped_events);
    bytes += links_;
    out.varint(14, dropped_links);
    if (status != SpanStatus::kUnset) {
        out.message(15, [&] {
            out.text(2, status_message);
            out.varint(3, static_cast<std::uint64_t>(status));
        });
    }
    out.fixed32(16, otlp_flags(context.flags, parent_remote));
}

}  // namespace loadgen::telemetry::detail
