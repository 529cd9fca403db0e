// Takes the inventory's answers to the workflows that wait for them.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::orders {

void add_consumers(runtime::Consumers& consumers, runtime::ServiceContext& context);

}  // namespace loadgen::services::orders
