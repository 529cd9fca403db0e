// What happens to an order after it was accepted: ask the inventory, wait, confirm or give up.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::orders {

inline constexpr std::string_view kOrderProcessing = "OrderProcessing";

void add_order_processing(runtime::Workflows& workflows, runtime::ServiceContext& context);

}  // namespace loadgen::services::orders
