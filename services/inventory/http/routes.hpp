// Look at stock and change it.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::inventory {

void add_routes(platform::Router& router, runtime::ServiceContext& context, runtime::RouteTools& tools);

}  // namespace loadgen::services::inventory
