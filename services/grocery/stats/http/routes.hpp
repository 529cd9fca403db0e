// The five routes of the stats service.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::grocery::stats {

void add_routes(platform::Router& router, runtime::ServiceContext& context, runtime::RouteTools& tools);

}  // namespace loadgen::services::grocery::stats
