// Gives every request an id and tells the client which.
#pragma once

#include "common/base/random.hpp"
#include "services/platform/middleware.hpp"

namespace loadgen::services::platform {

/// Keeps the client's X-Request-Id when it is 1 to 64 letters, digits, '-', '_' or '.'; makes 32 hex digits
/// otherwise. Answers carry it in the same field.
class RequestId final : public Middleware {
  public:
    explicit RequestId(std::uint64_t seed) : random_(seed) {}
    std::optional<http::Response> on_request(Call& call) override;
    void on_response(Call& call, http::Response& response) override;

  private:
    Random random_;
};

}  // namespace loadgen::services::platform
