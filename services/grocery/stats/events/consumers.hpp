// What the statistics hear.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::grocery::stats {

/// Consumes grocery.itemEvent.v1 and grocery.listChanged.v1.
void add_consumers(runtime::Consumers& consumers);

}  // namespace loadgen::services::grocery::stats
