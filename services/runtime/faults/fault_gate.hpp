// Lets requests suffer the faults that are switched on for their route.
#pragma once

#include <string>

#include "services/platform/dispatcher.hpp"
#include "services/runtime/faults/faults.hpp"

namespace loadgen::services::runtime {

/// A gate that holds back, fails or hangs up on the calls that a fault is for. Costs one relaxed load while
/// none is on. `faults` outlives it. Routes are matched by method and path: "GET /orders/{id}" in a rule fits
/// any segment.
platform::Gate fault_gate(Faults& faults, std::string service);

}  // namespace loadgen::services::runtime
