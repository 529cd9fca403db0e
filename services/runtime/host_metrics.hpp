// Figures of the bus that every process exports.
#pragma once

#include "common/telemetry/metrics.hpp"
#include "services/bus/bus.hpp"

namespace loadgen::services::runtime {

/// Depth, dead letters and age of the oldest event over all queues, and what this process counted. `bus`
/// outlives the meter's last export.
void add_bus_metrics(telemetry::Meter& meter, bus::Bus& bus);

}  // namespace loadgen::services::runtime
