// Counts the completed orders of each user.
#pragma once

#include "services/runtime/consumers.hpp"

namespace loadgen::services::users {

void add_consumers(runtime::Consumers& consumers);

}  // namespace loadgen::services::users
