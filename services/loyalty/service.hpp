// The loyalty service: points for registering and for orders, spent by their owner, every change announced.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::loyalty {

extern const runtime::ServiceType kLoyalty;

}  // namespace loadgen::services::loyalty
