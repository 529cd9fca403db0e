// Finished spans as OTLP messages, and back (opentelemetry-proto 1.x, trace/v1/trace.proto: Span).
#pragma once

#include <string>
#include <string_view>

#include "common/telemetry/span.hpp"

namespace loadgen::telemetry {

/// Text that is not UTF-8 is repaired. The scope is not part of the message.
std::string encode_span(const SpanData& span);

/// Reads what encode_span, or a Span, wrote; `scope` is that of the result. Bytes of anything else give a
/// span that has what could be read.
SpanData decode_span(std::string_view message, std::size_t scope);

}  // namespace loadgen::telemetry
