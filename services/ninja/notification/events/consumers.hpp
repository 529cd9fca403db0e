// Turns events into notifications.
#pragma once

#include "services/runtime/consumers.hpp"

namespace loadgen::services::ninja::notification {

void add_consumers(runtime::Consumers& consumers);

}  // namespace loadgen::services::ninja::notification
