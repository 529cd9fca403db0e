// Reserving the products of an order, and sending them off: each one transaction.
#pragma once

#include "services/inventory/events/payloads.hpp"
#include "services/runtime/transaction.hpp"

namespace loadgen::services::inventory {

/// Reserves one piece of every product (which `order` names once), or none, and answers the conversation. An
/// order that holds its pieces already is answered again; one that was refused may succeed now.
Result<void> reserve_order(runtime::Transaction& transaction, const CreatedOrder& order,
                           std::string_view conversation_id);

/// Takes the pieces of a completed order out of the house and tells of the new levels; once.
Result<void> dispatch_order(runtime::Transaction& transaction, std::string_view order_number);

/// Sets the level of a product, which may be new, and tells of it.
Result<void> set_level(runtime::Transaction& transaction, std::string_view product_id, double level);

}  // namespace loadgen::services::inventory
