// What the inventory does with events.
#pragma once

#include "common/base/random.hpp"
#include "services/runtime/service.hpp"

namespace loadgen::services::inventory {

/// Name of the workflow that gives a new product its first stock.
inline constexpr std::string_view kOrderingWorkflow = "InventoryOrderingService";

void add_consumers(runtime::Consumers& consumers);
/// Waits 3 s, then 5 s, then puts 50 to 98 pieces in stock, or tells of those that are there already.
/// `random` belongs to the writing thread and outlives the workflow.
void add_ordering(runtime::Workflows& workflows, loadgen::Random& random);
/// Asks the catalogue for products that have no stock and orders some.
void refresh(runtime::ServiceContext& context);

}  // namespace loadgen::services::inventory
