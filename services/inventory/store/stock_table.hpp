// The tables of the inventory: stock, and which order holds a piece of what.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "services/inventory/domain/stock.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::inventory {

std::span<const std::string_view> migrations();

Result<std::optional<Stock>> find_stock(store::Statements& tables, std::string_view product_id);
/// False, and nothing changes, when the product has stock already.
Result<bool> insert_stock(store::Statements& tables, const Stock& stock);
/// Inserts or replaces both figures and the version.
Result<void> put_stock(store::Statements& tables, const Stock& stock);

/// How far an order has come.
enum class OrderState : std::int64_t { kUnknown = 0, kRefused = 1, kReserved = 2, kDispatched = 3 };

struct HeldOrder {
    OrderState state = OrderState::kUnknown;
    std::vector<std::string> products;  ///< in the order of the event
};
Result<HeldOrder> find_order(store::Statements& tables, std::string_view order_number);
/// Remembers the order and its products, or changes its state.
Result<void> put_order(store::Statements& tables, std::string_view order_number, const HeldOrder& order);

}  // namespace loadgen::services::inventory
