// What the messaging spans of all services have in common: names of attributes and their values.
#pragma once

#include <string>
#include <string_view>

#include "common/telemetry/span.hpp"
#include "services/contracts/event.hpp"

namespace loadgen::services::runtime {

/// Semantic conventions 1.44, messaging.system: a custom value, the same for every span of the embedded bus.
inline constexpr std::string_view kMessagingSystem = "loadgen_bus";

std::string bus_name(std::string_view environment);                            ///< "SharedEventBus-dev"
std::string queue_name(std::string_view queue, std::string_view environment);  ///< "UserCreated-dev"
/// "dev.orders", from the catalogue's row of the type; empty for a type that has none.
std::string source_of(std::string_view type, std::string_view environment);

/// Attributes of a span about one event: ids, sizes, CloudEvents attributes, deprecation.
void describe_event(telemetry::Span& span, const contracts::Event& event);
/// messaging.system, operation and where: `operation_type` is send, receive or process.
void describe_operation(telemetry::Span& span, std::string_view operation_type,
                        std::string_view operation_name, std::string_view destination,
                        std::string_view client);

/// Attributes of what is measured about a subscription: `group` is the queue without its environment. An
/// empty operation is left out.
telemetry::Attributes subscription_attributes(std::string_view operation_name, std::string_view topic,
                                              std::string_view queue, std::string_view group);

}  // namespace loadgen::services::runtime
