// What an OTLP receiver answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/time.hpp"

namespace loadgen::telemetry {

struct PartialSuccess {
    std::int64_t rejected = 0;  ///< spans or data points
    std::string message;
};

/// Reads the protobuf body of a 200 answer: ExportTraceServiceResponse or ExportMetricsServiceResponse, which
/// look the same. Empty means that all was taken. None when it is not protobuf.
std::optional<PartialSuccess> read_export_response(std::string_view body);

/// Reads Retry-After (RFC 9110 section 10.2.3): seconds, or a date in the preferred form ("Sun, 06 Nov 1994
/// 08:49:37 GMT"), which counts from `now` and is never negative. None for anything else.
std::optional<Nanos> read_retry_after(std::string_view value, WallTime now);

}  // namespace loadgen::telemetry
