#include "services/runtime/messaging/messaging.hpp"

#include "services/contracts/catalogue.hpp"

namespace loadgen::services::runtime {

std::string bus_name(std::string_view environment) {
    return std::string("SharedEventBus-").append(environment);
}

std::string queue_name(std::string_view queue, std::string_view environment) {
    return std::string(queue).append("-").append(environment);
}

std::string source_of(std::string_view type, std::string_view environment) {
    const contracts::EventType* row = contracts::find_event_type(type);
    return row == nullptr ? std::string() : std::string(environment).append(".").append(row->domain);
}

void describe_event(telemetry::Span& span, const contracts::Event& event) {
    if (!span.recording()) return;
    span.set("messaging.message.id", event.id);
    span.set("messaging.message.body.size", static_cast<std::int64_t>(event.body_bytes));
    span.set("messaging.message.envelope.size", static_cast<std::int64_t>(event.envelope_bytes));
    if (!event.conversation_id.empty()) span.set("messaging.message.conversation_id", event.conversation_id);
    span.set("cloudevents.event_id", event.id);
    span.set("cloudevents.event_type", event.type);
    span.set("cloudevents.event_source", event.source);
    span.set("cloudevents.event_spec_version", "1.0");
    if (!event.superseded_by.empty()) {
        span.set("messaging.message.deprecated", true);
        span.set("messaging.message.deprecation_date", event.deprecation_date);
        span.set("messaging.message.superceded_by", event.superseded_by);
    }
}

void describe_operation(telemetry::Span& span, std::string_view operation_type,
                        std::string_view operation_name, std::string_view destination,
                        std::string_view client) {
    if (!span.recording()) return;
    span.set("messaging.system", kMessagingSystem);
    span.set("messaging.operation.type", operation_type);
    span.set("messaging.operation.name", operation_name);
    span.set("messaging.destination.name", destination);
    span.set("messaging.client.id", client);
}

telemetry::Attributes subscription_attributes(std::string_view operation_name, std::string_view topic,
                                              std::string_view queue, std::string_view group) {
    telemetry::Attributes attributes = {{"messaging.system", std::string(kMessagingSystem)},
                                        {"messaging.destination.name", std::string(topic)},
                                        {"messaging.destination.subscription.name", std::string(queue)},
                                        {"messaging.consumer.group.name", std::string(group)}};
    if (!operation_name.empty())
        attributes.push_back({"messaging.operation.name", std::string(operation_name)});
    return attributes;
}

}  // namespace loadgen::services::runtime
