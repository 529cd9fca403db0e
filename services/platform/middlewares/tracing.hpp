// A server span and a duration for every request (OpenTelemetry semantic conventions 1.44, HTTP server).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "common/telemetry/metrics.hpp"
#include "common/telemetry/tracer.hpp"
#include "services/platform/middleware.hpp"

namespace loadgen::services::platform {

/// First of the chain. Starts call.span as a child of the request's traceparent, named "{METHOD} {route}"
/// once the route is known, and ends it when the answer goes out (a streamed one: its head). Records
/// http.server.request.duration. Requests to /health have neither.
class Tracing final : public Middleware {
  public:
    /// `tracer`, `meter` and `clock` must outlive it. One a worker: instruments are kept per thread.
    Tracing(const telemetry::Tracer& tracer, telemetry::Meter& meter, const Clock& clock)
        : tracer_(tracer), meter_(meter), clock_(clock) {}
    std::optional<http::Response> on_request(Call& call) override;
    void on_response(Call& call, http::Response& response) override;

  private:
    using Key = std::tuple<std::string_view, std::string, int>;  // method, route, status

    void record(const Call& call, std::string_view method, int status);

    const telemetry::Tracer& tracer_;
    telemetry::Meter& meter_;
    const Clock& clock_;
    std::map<Key, telemetry::DurationHistogram*, std::less<>> durations_;
};

}  // namespace loadgen::services::platform
