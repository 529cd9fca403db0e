// The routes of the catalogue.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::products {

void add_routes(platform::Router& router, runtime::ServiceContext& context, runtime::RouteTools& tools);

}  // namespace loadgen::services::products
