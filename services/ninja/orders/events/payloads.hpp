// The `data` of the events that the order service tells.
#pragma once

#include <string>

#include "services/ninja/orders/domain/delay_alarm.hpp"
#include "services/ninja/orders/domain/order.hpp"

namespace loadgen::services::ninja::orders {

std::string order_created(const Order& order);
std::string order_create_delayed(const SlowPeriod& period);

}  // namespace loadgen::services::ninja::orders
