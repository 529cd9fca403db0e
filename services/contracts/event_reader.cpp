#include <charconv>
#include <cstdint>
#include <limits>

#include "common/telemetry/datadog_carrier.hpp"
#include "common/text/json_reader.hpp"
#include "common/text/timestamp.hpp"
#include "services/contracts/detail/raw_json.hpp"
#include "services/contracts/event.hpp"

namespace loadgen::services::contracts {
namespace {

using text::JsonKind;
using text::JsonValue;

constexpr text::JsonLimits kLimits{.max_bytes = std::size_t{256} * 1024, .max_depth = 32};
constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kMillisecondNs = 1'000'000;

struct Found {
    JsonValue value;
    std::size_t index;  ///< of the member in its object
};

std::optional<Found> find_member(JsonValue object, std::string_view name) {
    std::optional<Found> found;
    std::size_t index = 0;
    object.for_each_member([&](std::string_view key, JsonValue value) {
        if (key == name) found = Found{value, index};
        ++index;
        return !found;
    });
    return found;
}

/// A member that is a text; any other kind counts as absent.
std::string_view text_of(JsonValue object, std::string_view name) {
    const auto member = object.find(name);
    return member ? member->as_string().value_or(std::string_view()) : std::string_view();
}

std::string_view first_of(std::string_view preferred, std::string_view otherwise) {
    return preferred.empty() ? otherwise : preferred;
}

/// "1735725600123", as one of the producers of the original set writes it.
std::optional<WallTime> read_epoch_ms(std::string_view text) {
    std::int64_t ms = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / kMillisecondNs;
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || ms < 0 || ms > kMost) {
        return std::nullopt;
    }
    return WallTime{ms * kMillisecondNs};
}

std::optional<WallTime> read_time(std::string_view text) {
    const auto time = text::parse_timestamp(text);
    if (time) return *time;
    return read_epoch_ms(text);
}

/// The bus's time counts, but it has whole seconds: within the same second the event's own time says more.
std::optional<WallTime> event_time(JsonValue message, JsonValue detail) {
    const auto by_bus = read_time(text_of(message, "time"));
    const auto by_event = read_time(text_of(detail, "time"));
    if (!by_bus || !by_event) return by_bus ? by_bus : by_event;
    const bool whole = by_bus->unix_ns % kSecondNs == 0;
    const std::int64_t later = by_event->unix_ns / kSecondNs - by_bus->unix_ns / kSecondNs;
    return whole && later == 0 ? by_event : by_bus;
}

telemetry::SpanContext read_trace(JsonValue detail) {
    if (const auto carrier = detail.find("_datadog"); carrier) {
        const auto carried =
            telemetry::read_carrier([&](std::string_view name) -> std::optional<std::string_view> {
                const auto member = carrier->find(name);
                return member ? member->as_string() : std::nullopt;
            });
        if (carried) return *carried;
    }
    auto context = telemetry::parse_traceparent(text_of(detail, "traceparent"));
    if (!context) return {};
    context->state = telemetry::parse_tracestate(text_of(detail, "tracestate")).value_or(std::string());
    return *context;
}

Error missing(std::string_view what) {
    return {ErrorCode::kSyntax, "event: " + std::string(what)};
}

Result<Found> find_detail(JsonValue message) {
    if (message.kind() != JsonKind::kObject) {
        return missing("found " + std::string(text::json_kind_name(message.kind())) + ", expected an object");
    }
    const auto detail = find_member(message, "detail");
    if (!detail) return missing("\"detail\" is missing");
    if (detail->value.kind() != JsonKind::kObject) {
        return missing("\"detail\" is " + std::string(text::json_kind_name(detail->value.kind())) +
                       ", expected an object");
    }
    return *detail;
}

Result<Event> read_parts(std::string_view body, JsonValue message, const Found& found) {
    const JsonValue inner = found.value;
    const auto time = event_time(message, inner);
    Event event;
    event.type = first_of(text_of(inner, "type"), text_of(message, "detail-type"));
    if (event.type.empty()) return missing("no type: neither \"detail.type\" nor \"detail-type\" is a text");
    event.id = first_of(text_of(inner, "id"), text_of(message, "id"));
    if (event.id.empty()) return missing("no id: neither \"detail.id\" nor \"id\" is a text");
    if (!time) {
        return missing(
            "no time: neither \"time\" nor \"detail.time\" is RFC 3339 or milliseconds since 1970 as a text");
    }
    event.time = *time;
    event.source = first_of(text_of(inner, "source"), text_of(message, "source"));
    event.conversation_id = text_of(inner, "conversationId");
    event.deprecation_date = text_of(inner, "deprecationdate");
    event.superseded_by = text_of(inner, "supercededby");
    event.trace = read_trace(inner);
    event.envelope_bytes = body.size();
    if (const auto data = find_member(inner, "data")) {
        event.data = detail::raw_member(detail::raw_member(body, found.index), data->index);
        event.body_bytes = event.data.size();
    }
    return event;
}

}  // namespace

Result<Event> read_message(std::string_view body) {
    // The parser's memory is kept from message to message; what it parsed never leaves this call.
    thread_local text::JsonDocument document(kLimits);
    auto message = document.parse(body);
    if (!message) return with_context("event: ", std::move(message).error());
    auto detail = find_detail(*message);
    if (!detail) return std::move(detail).error();
    return read_parts(body, *message, *detail);
}

}  // namespace loadgen::services::contracts
