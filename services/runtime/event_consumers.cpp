#include "services/runtime/event_consumers.hpp"

#include <mutex>

#include "services/contracts/catalogue.hpp"
#include "services/runtime/consumer_metrics.hpp"
#include "services/runtime/host_metrics.hpp"
#include "services/runtime/inbox.hpp"
#include "services/runtime/messaging.hpp"

namespace loadgen::services::runtime {
namespace {

/// How long a failed event rests before its next try: 1 s, 5 s, ...; other services may be restarting
/// meanwhile.
Nanos rest_after_failure(int receives) {
    constexpr Nanos kFirst = std::chrono::seconds(1);
    constexpr int kFactor = 5;
    return receives <= 1 ? kFirst : kFirst * kFactor;
}

bool is_public(const contracts::Event& event) {
    const contracts::EventType* row = contracts::find_event_type(event.type);
    return row == nullptr || row->visibility == contracts::Visibility::kPublic;
}

}  // namespace

struct EventConsumers::Queue {
    Queue(const ConsumerParts& service_parts, Subscription wanted, HandleEvent handler)
        : parts(service_parts),
          subscription(std::move(wanted)),
          name(queue_name(subscription.queue, parts.settings.environment)),
          handle(std::move(handler)) {}

    void start_counting() {
        metrics = std::make_unique<ConsumerMetrics>(parts.meter, bus_name(parts.settings.environment), name,
                                                    subscription.queue);
    }
    bool links(const contracts::Event& event) const {
        if (subscription.relation == TraceRelation::kByVisibility) return is_public(event);
        return subscription.relation == TraceRelation::kLink;
    }
    std::string inbox_key(const contracts::Event& event) const {
        return subscription.inbox_key ? subscription.inbox_key(event) : event.id;
    }
    bus::QueueSettings settings() const;

    const ConsumerParts& parts;
    const Subscription subscription;
    const std::string name;
    const HandleEvent handle;
    std::unique_ptr<ConsumerMetrics> metrics;  // from the start of consuming
};

bus::QueueSettings EventConsumers::Queue::settings() const {
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

/// Settles the bus's batch when its last member is done. Members finish on any thread.
class EventConsumers::BatchWork : public std::enable_shared_from_this<BatchWork> {
  public:
    BatchWork(const Queue& queue, std::shared_ptr<bus::Batch> batch)
        : queue_(queue), batch_(std::move(batch)) {}

    void run();
    void member_done(std::size_t index, bool failed);

  private:
    using Member = std::shared_ptr<BatchMember>;
    std::vector<Member> read_members();
    void start_receive_span(const std::vector<Member>& members);
    void begin(Member member);
    void suffer(const Fault& fault, Member member);
    void handle_twin(const BatchMember& member);

    const Queue& queue_;
    const std::shared_ptr<bus::Batch> batch_;
    telemetry::Span receive_;
    std::mutex mutex_;
    std::size_t remaining_ = 0;        // guarded by mutex_
    std::vector<std::size_t> failed_;  // guarded by mutex_
};

class EventConsumers::BatchMember final : public Incoming, public std::enable_shared_from_this<BatchMember> {
  public:
    BatchMember(const Queue& queue, std::shared_ptr<BatchWork> batch, std::size_t index,
                const bus::Delivery& delivery, contracts::Event event)
        : queue_(queue),
          batch_(std::move(batch)),
          index_(index),
          delivery_(delivery),
          event_(std::move(event)) {}
    ~BatchMember() override {
        if (!finished_.exchange(true)) batch_->member_done(index_, true);
    }
    BatchMember(const BatchMember&) = delete;
    BatchMember& operator=(const BatchMember&) = delete;

    const contracts::Event& event() const override { return event_; }
    telemetry::Span& span() override { return span_; }
    void apply(ApplyEvent effect) override;
    void fail(Error error) override { finish(std::move(error)); }
    void skip() { finish({}); }

    /// The same event as if it had been delivered twice.
    std::shared_ptr<BatchMember> twin() const {
        return std::make_shared<BatchMember>(queue_, batch_, index_, delivery_, event_);
    }
    void start_span(const telemetry::SpanContext& receive);

  private:
    Result<void> run(store::Statements& tables, const ApplyEvent& effect);
    void finish(Result<void> outcome);
    void report_failure(const Error& error);

    const Queue& queue_;
    const std::shared_ptr<BatchWork> batch_;
    const std::size_t index_;
    const bus::Delivery& delivery_;  // of the bus's batch, which batch_ keeps
    const contracts::Event event_;
    telemetry::Span span_;
    Instant started_;
    StoreTransaction::Effects effects_;
    std::atomic<bool> finished_{false};
};

void EventConsumers::BatchWork::run() {
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

std::vector<EventConsumers::BatchWork::Member> EventConsumers::BatchWork::read_members() {
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
                std::make_shared<BatchMember>(queue_, shared_from_this(), i, delivery, std::move(*event)));
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

void EventConsumers::BatchWork::start_receive_span(const std::vector<Member>& members) {
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

void EventConsumers::BatchWork::begin(Member member) {
    Faults& faults = queue_.parts.faults;
    const Fault fault = faults.active() ? faults.for_consumer(queue_.parts.service, queue_.name) : Fault{};
    if (fault.delay.count() <= 0) return suffer(fault, std::move(member));
    queue_.parts.background.after(fault.delay, [self = shared_from_this(), fault,
                                                member = std::move(member)] { self->suffer(fault, member); });
}

void EventConsumers::BatchWork::suffer(const Fault& fault, Member member) {
    if (fault.drop) return member->skip();
    if (fault.error_status != 0) return member->fail({ErrorCode::kIo, "fault on purpose"});
    if (fault.duplicate) handle_twin(*member);
    queue_.handle(std::move(member));
}

void EventConsumers::BatchWork::handle_twin(const BatchMember& member) {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        ++remaining_;
    }
    auto twin = member.twin();
    twin->start_span(receive_.context());
    queue_.handle(std::move(twin));
}

void EventConsumers::BatchWork::member_done(std::size_t index, bool failed) {
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

void EventConsumers::BatchMember::start_span(const telemetry::SpanContext& receive) {
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

void EventConsumers::BatchMember::apply(ApplyEvent effect) {
    auto self = shared_from_this();
    queue_.parts.store.write(
        [self, effect = std::move(effect)](store::Statements& tables) { return self->run(tables, effect); },
        [self](Result<void> outcome) { self->finish(std::move(outcome)); });
}

Result<void> EventConsumers::BatchMember::run(store::Statements& tables, const ApplyEvent& effect) {
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

void EventConsumers::BatchMember::finish(Result<void> outcome) {
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

void EventConsumers::BatchMember::report_failure(const Error& error) {
    queue_.metrics->failed.add();
    if (error.code != ErrorCode::kLimit) span_.fail(kHandlerFailure, error.message);
    queue_.parts.logger.log(span_.context(), telemetry::LogLevel::kWarn, "event failed",
                            {{"queue", std::string_view(queue_.name)},
                             {"type", std::string_view(event_.type)},
                             {"id", std::string_view(event_.id)},
                             {"receives", std::int64_t{delivery_.receives}},
                             {"error", std::string_view(error.message)}});
}

EventConsumers::EventConsumers(ConsumerParts parts) : parts_(std::move(parts)) {}

EventConsumers::~EventConsumers() = default;

void EventConsumers::on(Subscription subscription, ApplyEvent apply) {
    on_async(std::move(subscription),
             [apply = std::move(apply)](std::shared_ptr<Incoming> incoming) { incoming->apply(apply); });
}

void EventConsumers::on_async(Subscription subscription, HandleEvent handle) {
    queues_.push_back(std::make_unique<Queue>(parts_, std::move(subscription), std::move(handle)));
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
                std::make_shared<BatchWork>(*queue, std::move(batch))->run();
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
