// The inventory service: stock levels, reservations for orders, first stock for new products.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::inventory {

extern const runtime::ServiceType kInventory;

}  // namespace loadgen::services::inventory
