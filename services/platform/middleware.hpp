// What every route of a service shares, one concern a middleware.
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
