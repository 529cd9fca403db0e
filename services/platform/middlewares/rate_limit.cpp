#include "services/platform/middlewares/rate_limit.hpp"

namespace loadgen::services::platform {

std::optional<http::Response> RateLimit::on_request(Call& call) {
    // An orchestrator that is refused would take the service for dead.
    if (call.path().starts_with("/health")) return std::nullopt;
    return limiter_->check(call);
}

}  // namespace loadgen::services::platform
