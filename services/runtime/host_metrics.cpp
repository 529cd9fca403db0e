#include "services/runtime/host_metrics.hpp"

#include <map>
#include <memory>
#include <mutex>

#include "services/runtime/messaging/messaging.hpp"

namespace loadgen::services::runtime {
namespace {

constexpr Nanos kOneExport = std::chrono::milliseconds(500);

/// One look at the bus for all gauges of an export.
class Depths {
  public:
    Depths(bus::Bus& bus, const Clock& clock) : bus_(bus), clock_(clock) {}

    bus::QueueDepth of(const std::string& queue) {
        const std::lock_guard<std::mutex> lock(mutex_);
        const Instant now = clock_.now();
        if (!known_ || now - read_at_ > kOneExport) {
            read_at_ = now;
            known_ = true;
            look();
        }
        const auto found = depths_.find(queue);
        return found == depths_.end() ? bus::QueueDepth{} : found->second;
    }

  private:
    void look() {
        auto depths = bus_.depths();
        if (!depths) return;  // the last figures stand
        depths_.clear();
        for (bus::QueueDepth& depth : *depths) depths_[depth.queue] = std::move(depth);
    }

    bus::Bus& bus_;
    const Clock& clock_;
    std::mutex mutex_;
    std::map<std::string, bus::QueueDepth> depths_;
    Instant read_at_;
    bool known_ = false;
};

}  // namespace

void add_bus_metrics(telemetry::Meter& meter, bus::Bus& bus) {
    meter.gauge("messaging.bus.published", "{message}",
                [&bus] { return static_cast<double>(bus.counters().published); });
    meter.gauge("messaging.bus.redelivered", "{message}",
                [&bus] { return static_cast<double>(bus.counters().redelivered); });
}

void add_queue_metrics(telemetry::Meter& meter, bus::Bus& bus, const Clock& clock,
                       const std::vector<QueueLabel>& queues) {
    auto depths = std::make_shared<Depths>(bus, clock);
    for (const QueueLabel& queue : queues) {
        const auto attributes = subscription_attributes({}, queue.topic, queue.name, queue.group);
        const auto gauge = [&](std::string_view name, std::string_view unit, auto figure) {
            meter.gauge(
                name, unit, [depths, figure, queue = queue.name] { return figure(depths->of(queue)); },
                attributes);
        };
        gauge("messaging.queue.depth", "{message}", [](const bus::QueueDepth& depth) {
            return static_cast<double>(depth.waiting + depth.in_flight);
        });
        gauge("messaging.dead_letters", "{message}",
              [](const bus::QueueDepth& depth) { return static_cast<double>(depth.dead); });
        gauge("messaging.queue.oldest_age", "s", [](const bus::QueueDepth& depth) {
            return std::chrono::duration<double>(depth.oldest_age).count();
        });
    }
}

}  // namespace loadgen::services::runtime
