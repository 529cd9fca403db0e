#include "services/runtime/messaging/event_consumers.hpp"

#include "services/runtime/host_metrics.hpp"
#include "services/runtime/messaging/event_batch.hpp"
#include "services/runtime/messaging/messaging.hpp"

namespace loadgen::services::runtime {

EventConsumers::EventConsumers(ConsumerParts parts) : parts_(std::move(parts)) {}

EventConsumers::~EventConsumers() = default;

void EventConsumers::on(Subscription subscription, ApplyEvent apply) {
    on_async(std::move(subscription),
             [apply = std::move(apply)](std::shared_ptr<Incoming> incoming) { incoming->apply(apply); });
}

void EventConsumers::on_async(Subscription subscription, HandleEvent handle) {
    queues_.push_back(std::make_unique<ConsumerQueue>(parts_, std::move(subscription), std::move(handle)));
}

Result<void> EventConsumers::declare() {
    for (const auto& queue : queues_) {
        auto declared = parts_.bus.declare(queue->settings());
        if (!declared) return declared;
    }
    return {};
}

Result<void> EventConsumers::start() {
    std::vector<QueueLabel> labels;
    for (const auto& queue : queues_) {
        queue->start_counting();
        labels.push_back({queue->name, queue->subscription.queue, bus_name(parts_.settings.environment)});
    }
    add_queue_metrics(parts_.meter, parts_.bus, parts_.clock, labels);
    for (const auto& queue : queues_) {
        auto consumer =
            parts_.bus.consume(queue->name, [queue = queue.get()](std::shared_ptr<bus::Batch> batch) {
                std::make_shared<EventBatch>(*queue, std::move(batch))->run();
            });
        if (!consumer) return std::move(consumer).error();
        consumers_.push_back(std::move(*consumer));
    }
    return {};
}

void EventConsumers::stop() {
    for (const auto& consumer : consumers_) consumer->stop();
}

bool EventConsumers::idle() const {
    for (const auto& consumer : consumers_) {
        if (!consumer->idle()) return false;
    }
    return true;
}

}  // namespace loadgen::services::runtime
