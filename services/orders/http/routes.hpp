// The routes of orders.
#pragma once

#include "services/platform/rate_limiter.hpp"
#include "services/runtime/service.hpp"

namespace loadgen::services::orders {

/// Limits that all threads of the service share; null while rate limits are off.
struct RouteLimits {
    std::shared_ptr<platform::RateLimiter> read;
    std::shared_ptr<platform::RateLimiter> create;
    std::shared_ptr<platform::RateLimiter> admin;
};

void add_routes(platform::Router& router, runtime::ServiceContext& context, runtime::RouteTools& tools,
                const RouteLimits& limits);

}  // namespace loadgen::services::orders
