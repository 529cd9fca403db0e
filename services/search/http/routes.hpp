// The route of product search.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::search {

void add_routes(platform::Router& router, runtime::RouteTools& tools);

}  // namespace loadgen::services::search
