// The event envelope: CloudEvents 1.0 in JSON, inside the message of the bus. One canonical writer, one
// tolerant reader (docs/events.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/telemetry/trace_context.hpp"

namespace loadgen::services::contracts {

/// What a service says. `data` is the payload as JSON text, kept byte for byte.
struct Event {
    std::string id;      ///< uuid; names the fact, also when it is published again
    std::string type;    ///< "orders.orderCreated.v1"
    std::string source;  ///< "dev.orders"
    WallTime time;       ///< milliseconds are written
    std::string data = "{}";
    std::string conversation_id;     ///< request and reply only
    std::string deprecation_date;    ///< of a deprecated version
    std::string superseded_by;       ///< type of the version that replaces it
    telemetry::SpanContext trace;    ///< context of the publish span; may be invalid
    std::size_t body_bytes = 0;      ///< of `data`; by the reader
    std::size_t envelope_bytes = 0;  ///< of the whole message; by the reader
};

/// The CloudEvent object: canonical, with traceparent, tracestate and the `_datadog` carrier of `trace`.
std::string write_event(const Event& event);

/// Reads a bus message. Tolerant: the type falls back to detail-type, the id to the bus's, the time to
/// either's (RFC 3339 or epoch milliseconds as text), the trace context to `_datadog` before the top level.
/// The error says what is missing; limits: 256 KiB, depth 32.
Result<Event> read_message(std::string_view body);

}  // namespace loadgen::services::contracts
