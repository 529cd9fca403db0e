// What happened to an entity.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::activity {

void add_routes(platform::Router& router, runtime::ServiceContext& context, runtime::RouteTools& tools);

}  // namespace loadgen::services::activity
