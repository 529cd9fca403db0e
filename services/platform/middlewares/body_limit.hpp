// Refuses bodies larger than a service has use for, in the service's own words.
#pragma once

#include "services/platform/middleware.hpp"

namespace loadgen::services::platform {

/// Answers 413 to a body above `max_bytes`. The HTTP session has a higher limit, past which it stops
/// receiving.
class BodyLimit final : public Middleware {
  public:
    explicit BodyLimit(std::size_t max_bytes) : max_bytes_(max_bytes) {}
    std::optional<http::Response> on_request(Call& call) override;

  private:
    const std::size_t max_bytes_;
};

}  // namespace loadgen::services::platform
