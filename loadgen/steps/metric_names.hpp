// The names of what a run of a scenario reports, in one place: the meter writes under them, and `ensure` is
// reviewed against them before anything is sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "common/stats/metric_book.hpp"

namespace loadgen::steps {

/// Metrics with a fixed name.
enum class Metric : std::uint8_t {
    kUsersCreated,
    kUsersCompleted,
    kUsersFailed,
    kUsersSkipped,
    kUsersInterrupted,
    kSessionLength,
    kRequests,
    kRequestRate,
    kResponses,
    kRequestsFailed,
    kDownloadedBytes,
    kResponseTime,
    kResponseTime2xx,
    kResponseTime3xx,
    kResponseTime4xx,
    kResponseTime5xx,
    kServiceTime,
    kSendDelay,
    kFirstByte,
    kDns,
    kTcp,
    kTls,
    kTotal,
    kApdexSatisfied,
    kApdexTolerated,
    kApdexFrustrated,
    kExpectOk,
    kExpectFailed,
    kProcessorCalls,
    kProcessorTime,
    kEvents,
    kEventsPassedOver,
    kFirstEvent,
    kStreamTime,
    kSocketConnections,
    kSocketConnectTime,
    kMessagesSent,
    kSendRate,
    kMessagesReceived,
    kReceiveRate,
    kMessagesDropped,
    kMessageResponseTime,
    kMessageServiceTime,
    kMessageSendDelay,
    kMessageWaitTime,
};
inline constexpr std::size_t kMetricCount = static_cast<std::size_t>(Metric::kMessageWaitTime) + 1;

struct MetricName {
    std::string_view name;
    stats::MetricBook::Kind kind;
};

/// In the order of Metric.
std::span<const MetricName, kMetricCount> metric_names();
inline const MetricName& name_of(Metric metric) {
    return metric_names()[static_cast<std::size_t>(metric)];
}

// What names that are put together begin with.
inline constexpr std::string_view kCreatedByName = "vusers.created_by_name.";
inline constexpr std::string_view kCodes = "http.codes.";
inline constexpr std::string_view kErrors = "errors.";
inline constexpr std::string_view kExpectations = "plugins.expect.";

/// What users fail by and `errors.` is followed by, as far as it is a fixed text; beside them there are the
/// codes of Node for what goes wrong with connections (node_error_code).
namespace failure {
inline constexpr const char* kCapture = "Failed capture or match";
inline constexpr const char* kAssertion = "Failed assertion";
inline constexpr const char* kThinkTime = "Invalid think time";
inline constexpr const char* kCondition = "Condition cannot be evaluated";
inline constexpr const char* kVariable = "Variable cannot be set";
inline constexpr const char* kNoEventStream = "no event stream";
inline constexpr const char* kEventsEndedEarly = "event stream ended early";
inline constexpr const char* kNoMessage = "response timeout";
inline constexpr const char* kRedirects = "ERR_TOO_MANY_REDIRECTS";
inline constexpr const char* kUrl = "ERR_INVALID_URL";
inline constexpr const char* kCookie = "cookie_parse_error_invalid_cookie";
}  // namespace failure
std::span<const char* const> failures();

}  // namespace loadgen::steps
