#include "services/runtime/messaging/event_batch.hpp"

#include <algorithm>
#include <optional>

#include "services/runtime/messaging/messaging.hpp"

namespace loadgen::services::runtime {
namespace {

/// How long a failed event rests before its next try: 1 s, then 5 s; other services may be restarting
/// meanwhile.
Nanos rest_after_failure(int receives) {
    constexpr Nanos kFirst = std::chrono::seconds(1);
    constexpr int kFactor = 5;
    return receives <= 1 ? kFirst : kFirst * kFactor;
}

}  // namespace

void EventBatch::run() {
    std::vector<Member> members = read_members();
    start_receive_span(members);
    if (members.empty()) {
        member_done(0, false);
        return;
    }
    for (Member& member : members) {
        member->start_span(receive_.context());
        begin(std::move(member));
    }
}

std::vector<EventBatch::Member> EventBatch::read_members() {
    std::vector<Member> members;
    const std::span<const bus::Delivery> deliveries = batch_->deliveries();
    members.reserve(deliveries.size());
    queue_.metrics->consumed.add(deliveries.size());
    for (std::size_t i = 0; i < deliveries.size(); ++i) {
        const bus::Delivery& delivery = deliveries[i];
        if (delivery.receives > 1) queue_.metrics->redelivered.add();
        auto event = contracts::read_message(delivery.body);
        if (event) {
            members.push_back(
                std::make_shared<EventOfBatch>(queue_, shared_from_this(), i, delivery, std::move(*event)));
            continue;
        }
        queue_.metrics->failed.add();
        queue_.parts.logger.log(telemetry::LogLevel::kError, "event cannot be read",
                                {{"queue", std::string_view(queue_.name)},
                                 {"id", std::string_view(delivery.id)},
                                 {"error", std::string_view(event.error().message)}});
        failed_.push_back(i);
    }
    remaining_ = std::max<std::size_t>(members.size(), 1);  // an empty one is settled by the batch itself
    return members;
}

void EventBatch::start_receive_span(const std::vector<Member>& members) {
    if (!queue_.parts.tracer.enabled()) return;
    std::vector<telemetry::SpanLink> links;
    for (const Member& member : members) {
        const contracts::Event& event = member->event();
        if (event.trace.valid()) links.push_back({event.trace, {{"messaging.message.id", event.id}}});
    }
    const std::string name = "receive " + queue_.name;
    receive_ = queue_.parts.tracer.start(
        {.name = name, .kind = telemetry::SpanKind::kConsumer, .parent = nullptr, .links = links});
    describe_operation(receive_, "receive", "receive", bus_name(queue_.parts.settings.environment),
                       queue_.parts.service_name);
    receive_.set("messaging.destination.subscription.name", queue_.name);
    receive_.set("messaging.consumer.group.name", queue_.subscription.queue);
    receive_.set("messaging.batch.message_count", static_cast<std::int64_t>(batch_->deliveries().size()));
}

void EventBatch::begin(Member member) {
    Faults& faults = queue_.parts.faults;
    const Fault fault = faults.active() ? faults.for_consumer(queue_.parts.service, queue_.name) : Fault{};
    if (fault.delay.count() <= 0) return suffer(fault, std::move(member));
    queue_.parts.background.after(fault.delay, [self = shared_from_this(), fault,
                                                member = std::move(member)] { self->suffer(fault, member); });
}

void EventBatch::suffer(const Fault& fault, Member member) {
    if (fault.drop) return member->skip();
    if (fault.error_status != 0) return member->fail({ErrorCode::kIo, "fault on purpose"});
    if (fault.duplicate) handle_twin(*member);
    queue_.handle(std::move(member));
}

void EventBatch::handle_twin(const EventOfBatch& member) {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        ++remaining_;
    }
    auto twin = member.twin();
    twin->start_span(receive_.context());
    queue_.handle(std::move(twin));
}

void EventBatch::member_done(std::size_t index, bool failed) {
    std::vector<std::size_t> all_failed;
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (failed) failed_.push_back(index);
        if (--remaining_ > 0) return;
        all_failed = std::move(failed_);
    }
    int receives = 1;
    for (const std::size_t i : all_failed) receives = std::max(receives, batch_->deliveries()[i].receives);
    batch_->settle(all_failed, rest_after_failure(receives));
    receive_.end();
}

}  // namespace loadgen::services::runtime
