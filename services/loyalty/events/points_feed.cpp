#include "services/loyalty/events/points_feed.hpp"

#include "services/loyalty/events/payloads.hpp"
#include "services/loyalty/store/accounts.hpp"
#include "services/loyalty/store/failed_changes.hpp"
#include "services/runtime/messaging/messaging.hpp"

namespace loadgen::services::loyalty {
namespace {

using runtime::Transaction;
using store::ChangeOperation;
using store::ChangeRecord;

constexpr std::int64_t kBatch = 5;
constexpr int kTries = 3;
constexpr std::int64_t kTrimmed = 2 * kBatch;  // more than one step adds, so that a backlog of them shrinks
constexpr std::string_view kStream = "LoyaltyPointsStream";

void describe(telemetry::Span& span, const ChangeRecord& change) {
    if (!span.recording()) return;
    span.set("messaging.system", runtime::kMessagingSystem);
    span.set("messaging.operation.type", "process");
    span.set("messaging.operation.name", "process");
    span.set("messaging.destination.name", kStream);
    span.set("messaging.destination_kind", "stream");
    span.set("messaging.message.id", std::to_string(change.sequence));
    span.set("messaging.message.type", change.operation == ChangeOperation::kInsert ? "insert" : "update");
    span.set("user.id", change.key);
}

Result<void> publish(Transaction& transaction, const PointsChange& points) {
    transaction.span().set("loyalty.difference", points.difference);
    auto done = transaction.publish({.type = "loyalty.pointsAdded.v1", .data = points_added_v1(points)});
    if (!done) return done;
    return transaction.publish({.type = "loyalty.pointsAdded.v2", .data = points_added_v2(points)});
}

/// Steps over one change, in the transaction of what was done about it.
Result<void> step(store::Statements& tables, std::int64_t from, std::int64_t to) {
    auto moved = store::move_change_cursor(tables, kPointsConsumer, from, to);
    if (!moved) return std::move(moved).error();
    if (!*moved) return Error{ErrorCode::kLimit, "the stream is elsewhere by now"};
    auto trimmed = store::trim_changes(tables, kPointsConsumer.table, kTrimmed);
    if (!trimmed) return std::move(trimmed).error();
    return {};
}

Result<void> tell_change(Transaction& transaction, const ChangeRecord& change, std::int64_t from) {
    describe(transaction.span(), change);
    if (change.operation != ChangeOperation::kDelete) {
        const auto points = read_points_change(change);
        if (!points) return points.error();
        auto done = publish(transaction, *points);
        if (!done) return done;
    }
    return step(transaction.tables(), from, change.sequence);
}

}  // namespace

/// Changes on their way. The store's thread fills it before the background loop sees it.
struct PointsFeed::Batch {
    std::int64_t limit = kBatch;
    std::int64_t cursor = 0;
    std::vector<ChangeRecord> changes;
    telemetry::Span span;
    std::size_t remaining = 0;
    std::size_t first_failed = 0;
    std::optional<Error> error;  // of the first that failed

    Result<void> fill(store::Statements& tables);
    /// Where the cursor stands when it is the turn of a change.
    std::int64_t before(std::size_t index) const { return index == 0 ? cursor : changes[index - 1].sequence; }
};

Result<void> PointsFeed::Batch::fill(store::Statements& tables) {
    auto at = store::change_cursor(tables, kPointsConsumer);
    if (!at) return std::move(at).error();
    cursor = *at;
    auto read = store::read_changes(tables, kPointsConsumer.table, cursor, limit);
    if (!read) return std::move(read).error();
    changes = std::move(*read);
    return {};
}

void PointsFeed::wake() {
    if (!woken_.exchange(true)) context_.after(Nanos{0}, [this] { look(); });
}

void PointsFeed::sweep() {
    resting_ = false;
    look();
}

void PointsFeed::look() {
    woken_ = false;
    if (resting_) return;
    again_ = busy_;
    if (!busy_) read();
}

void PointsFeed::read() {
    busy_ = true;
    again_ = false;
    auto batch = std::make_shared<Batch>();
    // The one that failed is the first: those before it have been told.
    if (suspect_ != 0) batch->limit = 1;
    // A change that changes nothing: the store runs it behind the transaction that woke us.
    context_.store().write([batch](store::Statements& tables) { return batch->fill(tables); },
                           [this, batch](const Result<void>& outcome) {
                               context_.after(Nanos{0}, [this, batch, outcome] { take(batch, outcome); });
                           });
}

void PointsFeed::take(const BatchPtr& batch, const Result<void>& outcome) {
    if (!outcome) return rest(outcome.error());
    batch->remaining = batch->changes.size();
    if (batch->changes.empty()) return finish(batch);
    batch->span = context_.tracer().start(
        {.name = "receive LoyaltyPointsStream", .kind = telemetry::SpanKind::kConsumer});
    batch->span.set("messaging.system", runtime::kMessagingSystem);
    batch->span.set("messaging.operation.type", "receive");
    batch->span.set("messaging.operation.name", "receive");
    batch->span.set("messaging.destination.name", kStream);
    batch->span.set("messaging.batch.message_count", static_cast<std::int64_t>(batch->changes.size()));
    for (std::size_t index = 0; index < batch->changes.size(); ++index) tell(batch, index);
}

void PointsFeed::tell(const BatchPtr& batch, std::size_t index) {
    context_.transact(
        "processLoyaltyPointsRecord", telemetry::SpanContext{},
        [batch, index](Transaction& transaction) {
            return tell_change(transaction, batch->changes[index], batch->before(index));
        },
        [this, batch, index](const Result<void>& outcome) {
            context_.after(Nanos{0}, [this, batch, index, outcome] { told(batch, index, outcome); });
        });
}

void PointsFeed::told(const BatchPtr& batch, std::size_t index, const Result<void>& outcome) {
    if (!outcome && (!batch->error || index < batch->first_failed)) {
        batch->first_failed = index;
        batch->error = outcome.error();
    }
    if (--batch->remaining == 0) finish(batch);
}

void PointsFeed::finish(const BatchPtr& batch) {
    batch->span.end();
    if (batch->error) return retry_or_give_up(batch);
    const bool more = static_cast<std::int64_t>(batch->changes.size()) == batch->limit;
    suspect_ = 0;
    busy_ = false;
    if (more || again_) read();
}

void PointsFeed::retry_or_give_up(const BatchPtr& batch) {
    // The store was busy, or another process told it: not the fault of this change.
    if (batch->error->code == ErrorCode::kLimit) return rest(*batch->error);
    const std::int64_t sequence = batch->changes[batch->first_failed].sequence;
    if (suspect_ != sequence) suspect_failures_ = 0;
    suspect_ = sequence;
    if (++suspect_failures_ < kTries) return rest(*batch->error);
    give_up(batch);
}

void PointsFeed::give_up(const BatchPtr& batch) {
    context_.transact(
        "failLoyaltyPointsRecord", telemetry::SpanContext{},
        [batch](Transaction& transaction) -> Result<void> {
            const ChangeRecord& change = batch->changes[batch->first_failed];
            describe(transaction.span(), change);
            auto kept =
                keep_failed_change(transaction.tables(), change, batch->error->message, transaction.now_ms());
            if (!kept) return kept;
            return step(transaction.tables(), batch->before(batch->first_failed), change.sequence);
        },
        [this, batch](const Result<void>& outcome) {
            context_.after(Nanos{0}, [this, batch, outcome] { given_up(batch, outcome); });
        });
}

void PointsFeed::given_up(const BatchPtr& batch, const Result<void>& outcome) {
    if (!outcome) return rest(outcome.error());
    const ChangeRecord& change = batch->changes[batch->first_failed];
    const std::string queue = runtime::queue_name(kFailureQueue, context_.settings().environment);
    failed_.add();
    context_.logger().log(telemetry::LogLevel::kError, "a change of points was given up",
                          {{"queue", std::string_view(queue)},
                           {"sequence", change.sequence},
                           {"user", std::string_view(change.key)},
                           {"error", std::string_view(batch->error->message)}});
    suspect_ = 0;
    read();
}

void PointsFeed::rest(const Error& error) {
    busy_ = false;
    resting_ = true;
    context_.logger().log(telemetry::LogLevel::kWarn, "changes of points wait for another try",
                          {{"error", std::string_view(error.message)}});
}

}  // namespace loadgen::services::loyalty
