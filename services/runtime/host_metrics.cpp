#include "services/runtime/host_metrics.hpp"

#include <algorithm>

namespace loadgen::services::runtime {
namespace {

struct BusTotals {
    double waiting = 0;
    double dead = 0;
    double oldest_seconds = 0;
};

BusTotals totals_of(bus::Bus& bus) {
    BusTotals totals;
    const auto depths = bus.depths();
    if (!depths) return totals;
    for (const bus::QueueDepth& queue : *depths) {
        totals.waiting += static_cast<double>(queue.waiting);
        totals.dead += static_cast<double>(queue.dead);
        const double age = std::chrono::duration<double>(queue.oldest_age).count();
        totals.oldest_seconds = std::max(totals.oldest_seconds, age);
    }
    return totals;
}

}  // namespace

void add_bus_metrics(telemetry::Meter& meter, bus::Bus& bus) {
    meter.gauge("messaging.queue.depth", "{message}", [&bus] { return totals_of(bus).waiting; });
    meter.gauge("messaging.dead_letters", "{message}", [&bus] { return totals_of(bus).dead; });
    meter.gauge("messaging.queue.oldest_age", "s", [&bus] { return totals_of(bus).oldest_seconds; });
    meter.gauge("messaging.bus.published", "{message}",
                [&bus] { return static_cast<double>(bus.counters().published); });
    meter.gauge("messaging.bus.redelivered", "{message}",
                [&bus] { return static_cast<double>(bus.counters().redelivered); });
}

}  // namespace loadgen::services::runtime
