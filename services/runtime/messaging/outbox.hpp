// The outbox of a service: events that wait, in its own database, to be told to the bus. Written in the
// transaction of the change that they tell of, so that neither can exist without the other.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "services/runtime/messaging/messaging_parts.hpp"
#include "services/runtime/transaction.hpp"

namespace loadgen::services::runtime {

/// The table; an idempotent script.
extern const std::string_view kOutboxSchema;

/// Writes a row. `trace` is the span whose work the event tells of; `upstream` the context of the event that
/// caused it in another trace, or null. `owner` is the process that relays it first.
Result<void> add_to_outbox(store::Statements& tables, NewEvent event, WallTime now, std::int64_t owner,
                           const telemetry::SpanContext& trace, const telemetry::SpanContext* upstream);

/// Moves events from the table to the bus: one batch at a time, in the order of their commits, deleted once
/// the bus has them on disk. At least once; the bus and the inboxes drop what comes twice.
class OutboxRelay : public std::enable_shared_from_this<OutboxRelay> {
  public:
    /// Opens a reader of the store. `owner` is this process, as it is noted in the rows that it relays first.
    static Result<std::shared_ptr<OutboxRelay>> open(const MessagingParts& parts, std::int64_t owner);

    /// There is news: a transaction with events was committed. Any thread.
    void wake();
    /// Also takes rows that another process left behind; call each second.
    void sweep();
    /// No event of this process waits any more. Any thread.
    bool idle() const { return state_.load() == kIdle; }
    /// Takes no further batch. Background loop, or after it has stopped.
    void stop() { stopped_ = true; }

  private:
    struct Pending;

    enum class RunEnd : std::uint8_t { kEmpty, kMore, kFailed };
    enum State : int { kIdle, kWoken, kBusy, kBusyAndWoken };

    OutboxRelay(const MessagingParts& parts, std::int64_t owner, std::unique_ptr<store::Statements> reader);
    telemetry::Attributes publish_attributes(bool failed = false) const;
    void take();
    Result<std::vector<Pending>> read_batch(bool also_foreign);
    void relay(std::vector<Pending> batch);
    bus::Publication publication(Pending& row, const telemetry::SpanContext* run);
    void published(std::shared_ptr<std::vector<Pending>> batch, Result<void> outcome);
    void forget(const std::vector<Pending>& batch);
    void set_aside(const Pending& row);
    void write_rows(std::vector<std::int64_t> rows, std::string_view sql);
    void run_over(RunEnd end);

    const MessagingParts parts_;
    const std::int64_t owner_;
    std::unique_ptr<store::Statements> reader_;  // background loop
    std::atomic<int> state_{kIdle};
    std::atomic<bool> also_foreign_{true};  // the first look recovers what a killed process left
    std::atomic<bool> stopped_{false};
    std::size_t alone_ = 0;     // rows still to be sent one by one; background loop
    Instant publishing_since_;  // the batch under way; background loop
    telemetry::Counter& sent_;
    telemetry::Counter& unsent_;
    telemetry::DurationHistogram& durations_;
    telemetry::DurationHistogram& failed_durations_;
    telemetry::DurationHistogram& lag_;
    telemetry::Counter& refused_;
};

}  // namespace loadgen::services::runtime
