// The one vocabulary for how an exchange ended. Every command, log and report uses these classes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace loadgen {

/// How one exchange ended. The order is the wire value in result files: append only (docs/result-formats.md).
enum class Cause : std::uint8_t {
    kOk = 0,              ///< complete response, status below 400
    kHttp4xx = 1,         ///< complete response, status 400..499 except 429
    kHttp5xx = 2,         ///< complete response, status 500 and above
    kThrottled = 3,       ///< 429, or 503 with Retry-After: a limit, not downtime
    kRefused = 4,         ///< ECONNREFUSED, or RST to our SYN
    kConnectTimeout = 5,  ///< no connection before the deadline: TCP, proxy, TLS or HTTP/2 settings
    kUnreachable = 6,     ///< EHOSTUNREACH, ENETUNREACH
    kDns = 7,             ///< NXDOMAIN, SERVFAIL, lookup timeout
    kTls = 8,             ///< alert, EOF in the handshake, certificate refused
    kResetIdle = 9,       ///< reused connection, no response byte, closed by the peer about when we wrote
    kResetInflight = 10,  ///< the peer had taken the request (or part of the response came), then RST or EOF
    kTruncated = 11,      ///< body shorter than announced: Content-Length or missing last chunk
    kTimeout = 12,        ///< fully sent, no complete answer before the deadline
    kGoawayLost = 13,     ///< HTTP/2: stream at or below GOAWAY's last-stream-id failed all the same
    kH2Retryable = 14,    ///< HTTP/2: stream above last-stream-id, or REFUSED_STREAM: certainly not processed
    kProtocol = 15,       ///< the peer's bytes are not HTTP as promised
    kPorts = 16,          ///< ours: EADDRNOTAVAIL, no local port left
    kDescriptors = 17,    ///< ours: EMFILE, ENFILE
    kUnsent = 18,         ///< ours: the run ended, or an explicit cap refused it, before it could be sent
    kCutOff = 19,         ///< ours: still unanswered when the drain period of the run ended (a lower bound)
    kNoTargets = 20,      ///< ours: the request source ran dry
};

inline constexpr std::size_t kCauseCount = 21;

/// Stable lower-case name used in files and reports ("reset-inflight"). Static storage.
std::string_view cause_name(Cause cause);

/// The cause with this name, or none.
std::optional<Cause> cause_from_name(std::string_view name);

/// True for the generator's own troubles: they reduce coverage and are never charged to the target.
bool is_own_fault(Cause cause);

}  // namespace loadgen
