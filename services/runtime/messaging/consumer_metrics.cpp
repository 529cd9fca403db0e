#include "services/runtime/messaging/consumer_metrics.hpp"

#include "services/runtime/messaging/messaging.hpp"

namespace loadgen::services::runtime {
namespace {

telemetry::Attributes failing(telemetry::Attributes attributes) {
    attributes.push_back({"error.type", std::string(kHandlerFailure)});
    return attributes;
}

}  // namespace

ConsumerMetrics::ConsumerMetrics(telemetry::Meter& meter, std::string_view topic, std::string_view queue,
                                 std::string_view group)
    : ConsumerMetrics(meter, subscription_attributes("receive", topic, queue, group),
                      subscription_attributes("process", topic, queue, group)) {}

ConsumerMetrics::ConsumerMetrics(telemetry::Meter& meter, const telemetry::Attributes& receive,
                                 const telemetry::Attributes& process)
    : consumed(meter.counter("messaging.client.consumed.messages", "{message}", receive)),
      redelivered(meter.counter("messaging.redelivered.messages", "{message}", receive)),
      failed(meter.counter("messaging.failed.messages", "{message}", process)),
      repeated(meter.counter("messaging.repeated.messages", "{message}", process)),
      durations(meter.durations("messaging.process.duration", process)),
      failed_durations(meter.durations("messaging.process.duration", failing(process))),
      age(meter.durations("messaging.message.age", process)) {}

}  // namespace loadgen::services::runtime
