// Finds out whose favourites an import put on offer, and says so once to each.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::grocery::users {

/// Consumes grocery.promotionsImported.v1. Each favourite that anybody has is looked up once, by asking the
/// search service for what this import brought; each user, favourite and offer found becomes one
/// grocery.favouriteOnOffer.v1. A run that breaks off is repeated as a whole, and the SENT# rows keep it from
/// saying anything twice.
void add_notifier(runtime::Consumers& consumers, runtime::ServiceContext& context);

}  // namespace loadgen::services::grocery::users
