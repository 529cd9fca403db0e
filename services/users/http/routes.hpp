// Register, log in, look at oneself.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::users {

void add_routes(platform::Router& router, runtime::ServiceContext& context, runtime::RouteTools& tools);

}  // namespace loadgen::services::users
