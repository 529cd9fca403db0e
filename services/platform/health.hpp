// What an orchestrator asks.
#pragma once

#include <functional>

#include "services/platform/router.hpp"

namespace loadgen::services::platform {

/// GET /health/live: 200 while the process answers at all. GET /health/ready: 200 while it should get
/// traffic, 503 once it drains. `draining` is asked on the loop's thread.
void add_health_routes(Router& router, std::function<bool()> draining);

}  // namespace loadgen::services::platform
