// Finds out who calls.
#pragma once

#include "services/platform/auth/tokens.hpp"
#include "services/platform/middleware.hpp"

namespace loadgen::services::platform {

/// Fills call.identity from the Authorization field. Refuses nobody: routes do, with auth::require_user.
class Authentication final : public Middleware {
  public:
    /// `key` and `clock` must outlive it.
    Authentication(const auth::TokenKeys& key, const Clock& clock) : key_(key), clock_(clock) {}
    std::optional<http::Response> on_request(Call& call) override;

  private:
    const auth::TokenKeys& key_;
    const Clock& clock_;
};

}  // namespace loadgen::services::platform
