// One finished exchange as result files carry it: vegeta's twelve fields, and what we measure beyond them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/cause.hpp"
#include "common/base/time.hpp"

namespace loadgen::runlog {

/// Header names as received, in order of first appearance; each with its values in order.
using HeaderMap = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// What vegeta's files do not have. All durations in nanoseconds; 0 where a phase did not happen.
struct RecordDetail {
    Nanos send_delay{0};  ///< sent minus due
    Nanos dns{0};
    Nanos connect{0};
    Nanos tls{0};
    Nanos wait{0};  ///< request fully written to first response byte
    Nanos body{0};  ///< first response byte to last
    Cause cause = Cause::kOk;
    std::uint64_t connection = 0;  ///< id unique in the run; 0 = never had one
    std::uint32_t ordinal = 0;     ///< 1 = first exchange on its connection
    bool warm_up = false;          ///< excluded from statistics
    std::string remote_address;    ///< "127.0.0.1:8080", "[::1]:8080" or a socket path
    std::string endpoint;          ///< the name statistics are grouped by
    std::string scenario;          ///< whose virtual user sent it; empty in an attack
    std::string trace_id;          ///< of the traceparent it carried: 32 hex digits, or empty
    std::string span_id;           ///< of the same: 16 hex digits, or empty
};

/// One exchange. `timestamp` is the due instant and `latency` counts from it (response time); in files
/// written by vegeta the timestamp is when a worker picked the hit up, and `detail` is absent.
struct Record {
    std::string attack;
    std::uint64_t seq = 0;
    std::uint16_t code = 0;  ///< HTTP status; 0 = no complete response
    WallTime timestamp;
    Nanos latency{0};
    std::uint64_t bytes_out = 0;  ///< request body
    std::uint64_t bytes_in = 0;   ///< response body, whether or not it was kept
    std::string error;            ///< empty on success
    std::string body;             ///< kept part of the response body
    bool has_body = false;        ///< tells an empty body from one that was not kept (JSON null)
    std::string method;
    std::string url;
    HeaderMap headers;
    std::optional<RecordDetail> detail;

    /// done minus sent; equal to `latency` where the send delay is unknown.
    Nanos service_time() const { return detail ? latency - detail->send_delay : latency; }
    /// vegeta's success: 200 <= code < 400.
    bool success() const { return code >= 200 && code < 400; }
};

}  // namespace loadgen::runlog
