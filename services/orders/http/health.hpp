// GET /health, /health/ready and /health/live in the words of the orders service.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::orders {

/// {status,timestamp,duration,version,checks}. Live is 200 while the process answers at all; the other two
/// are 503 when the store can't be read or the process takes leave.
void add_health_routes(platform::Router& router, const runtime::ServiceContext& context,
                       store::Statements& reader);

}  // namespace loadgen::services::orders
