#include "services/runtime/messaging/consumer_queue.hpp"

#include "services/contracts/catalogue.hpp"
#include "services/runtime/messaging/messaging.hpp"

namespace loadgen::services::runtime {
namespace {

bool is_public(const contracts::Event& event) {
    const contracts::EventType* row = contracts::find_event_type(event.type);
    return row == nullptr || row->visibility == contracts::Visibility::kPublic;
}

}  // namespace

ConsumerQueue::ConsumerQueue(const ConsumerParts& service_parts, Subscription wanted, HandleEvent handler)
    : parts(service_parts),
      subscription(std::move(wanted)),
      name(queue_name(subscription.queue, parts.settings.environment)),
      handle(std::move(handler)) {}

bus::QueueSettings ConsumerQueue::settings() const {
    bus::QueueSettings settings;
    settings.name = name;
    settings.batch_size = subscription.batch_size;
    settings.batch_window = parts.settings.scaled(subscription.batch_window);
    settings.visibility_timeout = subscription.visibility_timeout.value_or(parts.settings.visibility_timeout);
    for (const std::string_view type : subscription.types) {
        settings.rules.push_back(
            {.types = {std::string(type)}, .sources = {source_of(type, parts.settings.environment)}});
    }
    return settings;
}

void ConsumerQueue::start_counting() {
    metrics = std::make_unique<ConsumerMetrics>(parts.meter, bus_name(parts.settings.environment), name,
                                                subscription.queue);
}

bool ConsumerQueue::links(const contracts::Event& event) const {
    if (subscription.relation == TraceRelation::kByVisibility) return is_public(event);
    return subscription.relation == TraceRelation::kLink;
}

std::string ConsumerQueue::inbox_key(const contracts::Event& event) const {
    return subscription.inbox_key ? subscription.inbox_key(event) : event.id;
}

}  // namespace loadgen::services::runtime
