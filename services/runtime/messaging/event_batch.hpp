// One batch of events on its way through its queue's function, and each event of it.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "services/runtime/messaging/consumer_queue.hpp"

namespace loadgen::services::runtime {

class EventOfBatch;

/// Settles the bus's batch when its last member is done. Members finish on any thread.
class EventBatch : public std::enable_shared_from_this<EventBatch> {
  public:
    EventBatch(const ConsumerQueue& queue, std::shared_ptr<bus::Batch> batch)
        : queue_(queue), batch_(std::move(batch)) {}

    /// Takes every event on its way. Once, on the bus's thread.
    void run();
    /// A member, or its twin, has ended; `index` is its place in the delivery. Any thread.
    void member_done(std::size_t index, bool failed);

  private:
    using Member = std::shared_ptr<EventOfBatch>;
    std::vector<Member> read_members();
    void start_receive_span(const std::vector<Member>& members);
    void begin(Member member);
    void suffer(const Fault& fault, Member member);
    void handle_twin(const EventOfBatch& member);

    const ConsumerQueue& queue_;
    const std::shared_ptr<bus::Batch> batch_;
    telemetry::Span receive_;
    std::mutex mutex_;
    std::size_t remaining_ = 0;        // guarded by mutex_
    std::vector<std::size_t> failed_;  // guarded by mutex_
};

/// What ends it first counts: `apply`, `fail` or `skip`, from any thread. Fails when nobody has said how it
/// ended by the time its last owner goes. `event_of_batch.cpp`.
class EventOfBatch final : public Incoming, public std::enable_shared_from_this<EventOfBatch> {
  public:
    EventOfBatch(const ConsumerQueue& queue, std::shared_ptr<EventBatch> batch, std::size_t index,
                 const bus::Delivery& delivery, contracts::Event event)
        : queue_(queue),
          batch_(std::move(batch)),
          index_(index),
          delivery_(delivery),
          event_(std::move(event)) {}
    ~EventOfBatch() override {
        if (!finished_.exchange(true)) batch_->member_done(index_, true);
    }
    EventOfBatch(const EventOfBatch&) = delete;
    EventOfBatch& operator=(const EventOfBatch&) = delete;

    const contracts::Event& event() const override { return event_; }
    telemetry::Span& span() override { return span_; }
    void apply(ApplyEvent effect) override;
    void fail(Error error) override { finish(std::move(error)); }
    /// It counts as handled, without an effect.
    void skip() { finish({}); }

    /// The same event as if it had been delivered twice.
    std::shared_ptr<EventOfBatch> twin() const {
        return std::make_shared<EventOfBatch>(queue_, batch_, index_, delivery_, event_);
    }
    /// `receive`: the batch's span. Before the event is handed out.
    void start_span(const telemetry::SpanContext& receive);

  private:
    Result<void> run(store::Statements& tables, const ApplyEvent& effect);
    void finish(Result<void> outcome);
    void report_failure(const Error& error);

    const ConsumerQueue& queue_;
    const std::shared_ptr<EventBatch> batch_;
    const std::size_t index_;
    const bus::Delivery& delivery_;  // of the bus's batch, which batch_ keeps
    const contracts::Event event_;
    telemetry::Span span_;
    Instant started_;
    StoreTransaction::Effects effects_;
    std::atomic<bool> finished_{false};
};

}  // namespace loadgen::services::runtime
