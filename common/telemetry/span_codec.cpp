#include "common/telemetry/span_codec.hpp"

#include <algorithm>

#include "common/telemetry/detail/otlp_attributes.hpp"
#include "common/telemetry/detail/protobuf_reader.hpp"
#include "common/telemetry/detail/span_record.hpp"

// Field numbers in comments are those of the messages named above each function.

namespace loadgen::telemetry {
namespace {

using detail::ProtobufField;
using detail::read_field;

constexpr std::uint64_t kW3cFlags = 0xff;
constexpr std::uint64_t kRemote = 0x200;

template <typename Id>
void read_id(std::string_view bytes, Id& id) {
    const std::size_t size = std::min(bytes.size(), id.bytes.size());
    std::copy_n(bytes.begin(), size, id.bytes.begin());
}

WallTime time_of(const ProtobufField& field) {
    return {static_cast<std::int64_t>(field.fixed())};
}

template <typename Use>
void for_each_field(std::string_view message, Use&& use) {
    for (ProtobufField field; !message.empty() && read_field(message, field);) use(field);
}

// Span.Link: trace_id 1, span_id 2, trace_state 3, attributes 4, dropped_attributes_count 5, flags 6.
SpanLink read_link(std::string_view message) {
    SpanLink link;
    for_each_field(message, [&](const ProtobufField& field) {
        if (field.number == 1) read_id(field.bytes, link.context.trace_id);
        if (field.number == 2) read_id(field.bytes, link.context.span_id);
        if (field.number == 3) link.context.state = field.bytes;
        if (field.number == 4) link.attributes.push_back(detail::read_attribute(field.bytes));
        if (field.number == 5) link.dropped_attributes = static_cast<std::uint32_t>(field.varint);
        if (field.number == 6) {
            link.context.flags = static_cast<std::uint8_t>(field.fixed() & kW3cFlags);
            link.context.remote = (field.fixed() & kRemote) != 0;
        }
    });
    return link;
}

// Span.Event: time 1, name 2, attributes 3, dropped_attributes_count 4.
SpanEvent read_event(std::string_view message) {
    SpanEvent event;
    for_each_field(message, [&](const ProtobufField& field) {
        if (field.number == 1) event.time = time_of(field);
        if (field.number == 2) event.name = field.bytes;
        if (field.number == 3) event.attributes.push_back(detail::read_attribute(field.bytes));
        if (field.number == 4) event.dropped_attributes = static_cast<std::uint32_t>(field.varint);
    });
    return event;
}

// Status: message 2, code 3.
void read_status(std::string_view message, SpanData& span) {
    for_each_field(message, [&](const ProtobufField& field) {
        if (field.number == 2) span.status_message = field.bytes;
        if (field.number == 3) span.status = static_cast<SpanStatus>(field.varint);
    });
}

void read_span_field(const ProtobufField& field, SpanData& span) {
    switch (field.number) {
        case 1:
            return read_id(field.bytes, span.context.trace_id);
        case 2:
            return read_id(field.bytes, span.context.span_id);
        case 3:
            span.context.state = field.bytes;
            return;
        case 4:
            return read_id(field.bytes, span.parent);
        case 5:
            span.name = field.bytes;
            return;
        case 6:
            span.kind = static_cast<SpanKind>(field.varint);
            return;
        case 7:
            span.start = time_of(field);
            return;
        case 8:
            span.end = time_of(field);
            return;
        case 9:
            span.attributes.push_back(detail::read_attribute(field.bytes));
            return;
        case 10:
            span.dropped_attributes = static_cast<std::uint32_t>(field.varint);
            return;
        case 11:
            span.events.push_back(read_event(field.bytes));
            return;
        case 12:
            span.dropped_events = static_cast<std::uint32_t>(field.varint);
            return;
        case 13:
            span.links.push_back(read_link(field.bytes));
            return;
        case 14:
            span.dropped_links = static_cast<std::uint32_t>(field.varint);
            return;
        case 15:
            return read_status(field.bytes, span);
        case 16:
            span.context.flags = static_cast<std::uint8_t>(field.fixed() & kW3cFlags);
            span.parent_remote = (field.fixed() & kRemote) != 0;
            return;
        default:
            return;
    }
}

}  // namespace

std::string encode_span(const SpanData& span) {
    std::string message;
    detail::SpanRecord(span).append_to(message, span.context, span.end);
    return message;
}

SpanData decode_span(std::string_view message, std::size_t scope) {
    SpanData span;
    span.scope = scope;
    for_each_field(message, [&span](const ProtobufField& field) { read_span_field(field, span); });
    return span;
}

}  // namespace loadgen::telemetry
