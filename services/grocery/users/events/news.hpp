// News become notifications: a row for the user, and a delivery for each push endpoint.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::grocery::users {

/// Consumes grocery.favouriteOnOffer.v1 (queue GroceryNotifications) and grocery.listShared.v1.
void add_news_consumers(runtime::Consumers& consumers);

}  // namespace loadgen::services::grocery::users
