// The table of orders.
#pragma once

#include <optional>
#include <span>

#include "services/orders/domain/order.hpp"
#include "services/orders/domain/page_token.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::orders {

std::span<const std::string_view> migrations();

Result<void> insert_order(store::Statements& tables, const Order& order);
Result<std::optional<Order>> find_order(store::Statements& tables, std::string_view id);

/// Newest first, behind `after` when there is one.
Result<std::vector<Order>> list_of_user(store::Statements& tables, std::string_view user_id,
                                        const std::optional<PageKey>& after, std::int64_t limit);
Result<std::vector<Order>> list_confirmed(store::Statements& tables, const std::optional<PageKey>& after,
                                          std::int64_t limit);

/// Compare and set: false, and nothing changes, when the order is not `from`.
Result<bool> change_status(store::Statements& tables, std::string_view id, OrderStatus from, OrderStatus to);

/// An event that was received for an order, for the tests' harness.
struct ReceivedEvent {
    std::string id;
    std::string type;
    std::int64_t time_ms = 0;
};
Result<void> put_received(store::Statements& tables, std::string_view order_id, const ReceivedEvent& event);
Result<std::vector<ReceivedEvent>> list_received(store::Statements& tables, std::string_view order_id);

}  // namespace loadgen::services::orders
