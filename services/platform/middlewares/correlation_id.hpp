// The name of a business step that runs through several services.
#pragma once

#include "common/base/random.hpp"
#include "services/platform/middleware.hpp"

namespace loadgen::services::platform {

/// Keeps the client's X-Correlation-ID when it is 1 to 128 visible ASCII characters; makes a version 4 UUID
/// otherwise. Answers carry it in the same field, logs as correlationId.
class CorrelationId final : public Middleware {
  public:
    explicit CorrelationId(std::uint64_t seed) : random_(seed) {}
    std::optional<http::Response> on_request(Call& call) override;
    void on_response(Call& call, http::Response& response) override;

  private:
    Random random_;
};

}  // namespace loadgen::services::platform
