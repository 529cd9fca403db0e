// Figures of the bus that are read when they are exported.
#pragma once

#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/telemetry/metrics.hpp"
#include "services/bus/bus.hpp"

namespace loadgen::services::runtime {

/// What this process counted. `bus` outlives the meter's last export.
void add_bus_metrics(telemetry::Meter& meter, bus::Bus& bus);

/// A queue as its service names it.
struct QueueLabel {
    std::string name;   ///< "UserCreated-dev"
    std::string group;  ///< "UserCreated"
    std::string topic;  ///< the bus
};

/// Depth, dead letters and age of the oldest event of each queue, reported by the service that reads it.
/// `bus` and `clock` outlive the meter's last export.
void add_queue_metrics(telemetry::Meter& meter, bus::Bus& bus, const Clock& clock,
                       const std::vector<QueueLabel>& queues);

}  // namespace loadgen::services::runtime
