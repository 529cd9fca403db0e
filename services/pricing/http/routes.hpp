// The route of pricing.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::pricing {

void add_routes(platform::Router& router, runtime::ServiceContext& context);

}  // namespace loadgen::services::pricing
