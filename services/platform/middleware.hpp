// What every route of a service shares, one concern a middleware. The order of a chain, first to last:
//
//     Tracing          the span covers everything below; sees the final status
//     RequestId, CorrelationId    names for the logs
//     AccessLog, RequestLog       see the final answer
//     ServiceVersion, ApiVersion, Cors    headers of every answer, refusals included
//     InFlightLimit    before anything costs
//     BodyLimit
//     Authentication   who calls; refuses nobody
//     RateLimit        by who calls
//
// On the way out the order is reversed: Tracing is last and ends the span.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "services/platform/call.hpp"

namespace loadgen::services::platform {

/// One link of a worker's chain. Loop thread only; must not wait.
class Middleware {
  public:
    virtual ~Middleware() = default;
    /// Before routing, first link first. An answer given here ends the way in.
    virtual std::optional<http::Response> on_request(Call& /*call*/) { return std::nullopt; }
    /// Before the answer is sent, last link first; for links whose on_request has run.
    virtual void on_response(Call& /*call*/, http::Response& /*response*/) {}
};

using Middlewares = std::vector<std::unique_ptr<Middleware>>;

}  // namespace loadgen::services::platform
