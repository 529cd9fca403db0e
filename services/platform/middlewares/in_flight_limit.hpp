// Refuses what a worker could only queue up.
#pragma once

#include "services/platform/middleware.hpp"

namespace loadgen::services::platform {

/// Answers 503 with Retry-After while `limit` calls of this worker are unanswered.
class InFlightLimit final : public Middleware {
  public:
    explicit InFlightLimit(std::size_t limit) : limit_(limit) {}
    std::optional<http::Response> on_request(Call& call) override;
    void on_response(Call& call, http::Response& response) override;

  private:
    const std::size_t limit_;
    std::size_t in_flight_ = 0;
};

}  // namespace loadgen::services::platform
