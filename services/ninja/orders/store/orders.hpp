// The table of orders.
#pragma once

#include <optional>
#include <span>

#include "services/ninja/orders/domain/order.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::ninja::orders {

std::span<const std::string_view> migrations();

Result<void> insert_order(store::Statements& tables, const Order& order);
Result<std::optional<Order>> find_order(store::Statements& tables, std::string_view id);
/// Nothing happens when there is none.
Result<void> erase_order(store::Statements& tables, std::string_view id);

}  // namespace loadgen::services::ninja::orders
