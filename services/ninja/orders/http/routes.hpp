// Creates, shows and deletes orders.
#pragma once

#include "services/ninja/shared/configuration_source.hpp"
#include "services/runtime/service.hpp"

namespace loadgen::services::ninja::orders {

void add_routes(platform::Router& router, runtime::ServiceContext& context, runtime::RouteTools& tools,
                ConfigurationSource& source);

}  // namespace loadgen::services::ninja::orders
