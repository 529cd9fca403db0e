#include "loadgen/steps/metric_names.hpp"

#include <array>

namespace loadgen::steps {
namespace {

constexpr auto kCounter = stats::MetricBook::Kind::kCounter;
constexpr auto kRate = stats::MetricBook::Kind::kRate;
constexpr auto kHistogram = stats::MetricBook::Kind::kHistogram;

constexpr std::array<MetricName, kMetricCount> kNames{{{"vusers.created", kCounter},
                                                       {"vusers.completed", kCounter},
                                                       {"vusers.failed", kCounter},
                                                       {"vusers.skipped", kCounter},
                                                       {"vusers.interrupted", kCounter},
                                                       {"vusers.session_length", kHistogram},
                                                       {"http.requests", kCounter},
                                                       {"http.request_rate", kRate},
                                                       {"http.responses", kCounter},
                                                       {"http.failed", kCounter},
                                                       {"http.downloaded_bytes", kCounter},
                                                       {"http.response_time", kHistogram},
                                                       {"http.response_time.2xx", kHistogram},
                                                       {"http.response_time.3xx", kHistogram},
                                                       {"http.response_time.4xx", kHistogram},
                                                       {"http.response_time.5xx", kHistogram},
                                                       {"http.service_time", kHistogram},
                                                       {"http.send_delay", kHistogram},
                                                       {"http.first_byte", kHistogram},
                                                       {"http.dns", kHistogram},
                                                       {"http.tcp", kHistogram},
                                                       {"http.tls", kHistogram},
                                                       {"http.total", kHistogram},
                                                       {"apdex.satisfied", kCounter},
                                                       {"apdex.tolerated", kCounter},
                                                       {"apdex.frustrated", kCounter},
                                                       {"plugins.expect.ok", kCounter},
                                                       {"plugins.expect.failed", kCounter},
                                                       {"processor.calls", kCounter},
                                                       {"processor.time", kHistogram},
                                                       {"sse.events", kCounter},
                                                       {"sse.events_passed_over", kCounter},
                                                       {"sse.first_event", kHistogram},
                                                       {"sse.stream_time", kHistogram},
                                                       {"websocket.connections", kCounter},
                                                       {"websocket.connect_time", kHistogram},
                                                       {"websocket.messages_sent", kCounter},
                                                       {"websocket.send_rate", kRate},
                                                       {"websocket.messages_received", kCounter},
                                                       {"websocket.receive_rate", kRate},
                                                       {"websocket.messages_dropped", kCounter},
                                                       {"websocket.response_time", kHistogram},
                                                       {"websocket.service_time", kHistogram},
                                                       {"websocket.send_delay", kHistogram},
                                                       {"websocket.wait_time", kHistogram}}};

constexpr std::array kFailures{failure::kCapture,
                               failure::kAssertion,
                               failure::kThinkTime,
                               failure::kCondition,
                               failure::kVariable,
                               failure::kNoEventStream,
                               failure::kEventsEndedEarly,
                               failure::kNoMessage,
                               failure::kRedirects,
                               failure::kUrl,
                               failure::kCookie};

}  // namespace

std::span<const MetricName, kMetricCount> metric_names() {
    return kNames;
}

std::span<const char* const> failures() {
    return kFailures;
}

}  // namespace loadgen::steps
