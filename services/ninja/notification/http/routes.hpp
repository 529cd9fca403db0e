// Shows what was told of an order.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::ninja::notification {

void add_routes(platform::Router& router, runtime::RouteTools& tools);

}  // namespace loadgen::services::ninja::notification
