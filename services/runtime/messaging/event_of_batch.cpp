#include <algorithm>

#include "services/runtime/messaging/event_batch.hpp"
#include "services/runtime/messaging/inbox.hpp"
#include "services/runtime/messaging/messaging.hpp"

namespace loadgen::services::runtime {

void EventOfBatch::start_span(const telemetry::SpanContext& receive) {
    const ConsumerParts& parts = queue_.parts;
    started_ = parts.clock.now();
    const WallTime now = parts.clock.wall_now();
    queue_.metrics->age.record(Nanos(std::max<std::int64_t>(0, now.unix_ns - event_.time.unix_ns)));
    const bool links = queue_.links(event_);
    const telemetry::SpanContext& other = links ? event_.trace : receive;
    const telemetry::SpanLink link{other, {}};
    const std::string name = "process " + event_.type;
    span_ = parts.tracer.start({.name = name,
                                .kind = telemetry::SpanKind::kConsumer,
                                .parent = links ? &receive : &event_.trace,
                                .links = {&link, other.valid() ? std::size_t{1} : std::size_t{0}}});
    describe_operation(span_, "process", "process", bus_name(parts.settings.environment), parts.service_name);
    if (!span_.recording()) return;
    span_.set("messaging.destination.subscription.name", queue_.name);
    span_.set("messaging.consumer.group.name", queue_.subscription.queue);
    describe_event(span_, event_);
}

void EventOfBatch::apply(ApplyEvent effect) {
    auto self = shared_from_this();
    queue_.parts.store.write(
        [self, effect = std::move(effect)](store::Statements& tables) { return self->run(tables, effect); },
        [self](Result<void> outcome) { self->finish(std::move(outcome)); });
}

Result<void> EventOfBatch::run(store::Statements& tables, const ApplyEvent& effect) {
    effects_ = {};
    auto first = first_time(tables, queue_.name, queue_.inbox_key(event_), queue_.parts.clock.wall_now());
    if (!first) return std::move(first).error();
    if (!*first) {
        queue_.metrics->repeated.add();
        return {};
    }
    const telemetry::SpanContext* upstream = queue_.links(event_) ? &event_.trace : nullptr;
    StoreTransaction transaction(queue_.parts.transactions, tables, span_, span_.context(), upstream,
                                 effects_);
    return effect(transaction, event_);
}

void EventOfBatch::finish(Result<void> outcome) {
    if (finished_.exchange(true)) return;
    if (outcome) {
        queue_.parts.committed(effects_);
    } else {
        report_failure(outcome.error());
    }
    telemetry::DurationHistogram& durations =
        outcome ? queue_.metrics->durations : queue_.metrics->failed_durations;
    durations.record(queue_.parts.clock.now() - started_);
    // A change that the store gave up on may still be running and hold the span: it ends with its last owner
    // then.
    if (outcome || outcome.error().code != ErrorCode::kLimit) span_.end();
    batch_->member_done(index_, !outcome);
}

void EventOfBatch::report_failure(const Error& error) {
    queue_.metrics->failed.add();
    if (error.code != ErrorCode::kLimit) span_.fail(kHandlerFailure, error.message);
    queue_.parts.logger.log(span_.context(), telemetry::LogLevel::kWarn, "event failed",
                            {{"queue", std::string_view(queue_.name)},
                             {"type", std::string_view(event_.type)},
                             {"id", std::string_view(event_.id)},
                             {"receives", std::int64_t{delivery_.receives}},
                             {"error", std::string_view(error.message)}});
}

}  // namespace loadgen::services::runtime
