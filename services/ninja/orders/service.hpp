// The ninja order service, for the table of services.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::ninja {

extern const runtime::ServiceType kNinjaOrders;

}  // namespace loadgen::services::ninja
