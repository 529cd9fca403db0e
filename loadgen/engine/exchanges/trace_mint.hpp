// Identities of the traces that requests begin: made here, so that every one of them is known.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "common/telemetry/trace_context.hpp"

namespace loadgen::engine {

/// What a request's traceparent names: its trace, and the span of ours that the server's is a child of.
struct TraceIds {
    telemetry::TraceId trace;
    telemetry::SpanId span;

    bool valid() const { return trace.valid() && span.valid(); }
    friend bool operator==(const TraceIds&, const TraceIds&) = default;
};

/// A traceparent of version 00 (W3C Trace Context, section 3.2) with the sampled flag.
using TraceparentText = std::array<char, 55>;
void write_traceparent(TraceparentText& out, const TraceIds& ids);
/// Appends lower-case digits.
void append_hex(std::string& out, std::span<const std::uint8_t> bytes);

/// Makes one trace a request, each with a different id, without a table and without memory. Of a trace id
/// - the low 64 bits are a bijective mix of the run's salt and (worker, number): unique in the run, and as
///   random as the last 7 bytes of an id should be;
/// - the high 64 bits are the second in which the run began (as X-Ray and Datadog have it) and a keyed check
///   of the low half, so that a truncated or foreign id can be told from ours.
/// One a worker; not thread-safe.
class TraceMint {
  public:
    /// `salt`: of the run, the same for all its workers.
    TraceMint(std::uint64_t salt, std::uint32_t epoch_seconds, std::uint16_t worker);

    TraceIds next();

  private:
    std::uint64_t salt_;
    std::uint64_t key_;  ///< of the check
    std::uint64_t epoch_;
    std::uint64_t number_;
};

}  // namespace loadgen::engine
