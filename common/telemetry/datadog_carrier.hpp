// The `_datadog` object that messages carry: a trace context as W3C and Datadog fields side by side, as
// dd-trace writes it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/telemetry/trace_context.hpp"

namespace loadgen::telemetry {

/// Appends `traceparent`, `tracestate` (when there is one), `x-datadog-trace-id` (decimal, low 64 bits),
/// `x-datadog-parent-id` (decimal), `x-datadog-sampling-priority` ("1" sampled, "0" not) and `x-datadog-tags`
/// (`_dd.p.tid=<high 64 bits in hex>`, when they are not zero). Nothing for an invalid context.
void append_carrier(const SpanContext& context, std::vector<std::pair<std::string, std::string>>& carrier);

/// Looks a carrier's field up by its lower-case name.
using CarrierLookup = std::function<std::optional<std::string_view>(std::string_view name)>;

/// The context that a carrier names, remote. A valid `traceparent` wins; else the `x-datadog-*` fields count:
/// ids are decimal and not zero, a priority above 0 means sampled, and so does a missing or unreadable one; a
/// malformed
/// `_dd.p.tid` is ignored. None when neither names a trace.
std::optional<SpanContext> read_carrier(const CarrierLookup& lookup);

}  // namespace loadgen::telemetry
