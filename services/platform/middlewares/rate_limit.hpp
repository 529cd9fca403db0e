// Refuses callers who ask too often, on all routes of a service.
#pragma once

#include "services/platform/middleware.hpp"
#include "services/platform/rate_limiter.hpp"

namespace loadgen::services::platform {

/// Behind Authentication, or all callers are strangers. Paths under /health are free. For single routes see
/// `limited` in rate_limiter.hpp.
class RateLimit final : public Middleware {
  public:
    explicit RateLimit(std::shared_ptr<RateLimiter> limiter) : limiter_(std::move(limiter)) {}
    std::optional<http::Response> on_request(Call& call) override;

  private:
    const std::shared_ptr<RateLimiter> limiter_;
};

}  // namespace loadgen::services::platform
