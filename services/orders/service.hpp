// The orders service: takes orders, has the inventory reserve their products, and completes them.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::orders {

extern const runtime::ServiceType kOrders;

}  // namespace loadgen::services::orders
