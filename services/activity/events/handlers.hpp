// Notes each event with the entities that it is about.
#pragma once

#include "services/runtime/consumers.hpp"

namespace loadgen::services::activity {

void add_consumers(runtime::Consumers& consumers);

}  // namespace loadgen::services::activity
