// What happened to an entity.
#pragma once

#include "services/platform/rate_limiter.hpp"
#include "services/runtime/service.hpp"

namespace loadgen::services::activity {

/// One for all worker threads: two requests a second for each caller, ten at once, where the operator has
/// limits on.
std::shared_ptr<platform::RateLimiter> make_limiter(const runtime::Settings& settings);
void add_routes(platform::Router& router, const std::shared_ptr<platform::RateLimiter>& limiter,
                runtime::RouteTools& tools);

}  // namespace loadgen::services::activity
