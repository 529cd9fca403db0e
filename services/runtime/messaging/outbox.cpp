#include "services/runtime/messaging/outbox.hpp"

#include <array>

#include "common/base/uuid.hpp"
#include "services/contracts/catalogue.hpp"
#include "services/runtime/faults/trace_defects.hpp"
#include "services/runtime/messaging/messaging.hpp"

namespace loadgen::services::runtime {

const std::string_view kOutboxSchema =
    "CREATE TABLE IF NOT EXISTS outbox ("
    "  id INTEGER PRIMARY KEY,"
    "  owner INTEGER NOT NULL,"
    "  event_id TEXT NOT NULL,"
    "  type TEXT NOT NULL,"
    "  data TEXT NOT NULL,"
    "  conversation_id TEXT NOT NULL,"
    "  delay_ns INTEGER NOT NULL,"
    "  created_ns INTEGER NOT NULL,"
    "  traceparent TEXT NOT NULL,"
    "  tracestate TEXT NOT NULL,"
    "  upstream TEXT NOT NULL,"
    "  upstream_state TEXT NOT NULL,"
    "  refused INTEGER NOT NULL DEFAULT 0"  // the bus will never take it; kept for whoever looks into the log
    ") STRICT;";

namespace {

using store::Parameter;

constexpr std::string_view kInsert =
    "INSERT INTO outbox (owner, event_id, type, data, conversation_id, delay_ns, created_ns, traceparent, "
    "tracestate,"
    " upstream, upstream_state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
// A row of another process is left to it for a while; when it is still there then, its process is gone.
constexpr std::string_view kSelect =
    "SELECT id, event_id, type, data, conversation_id, delay_ns, created_ns, traceparent, tracestate, "
    "upstream,"
    " upstream_state FROM outbox WHERE refused = 0 AND (owner = ? OR created_ns < ?) ORDER BY id LIMIT ?";
constexpr std::int64_t kBatch = 256;
constexpr std::size_t kMaxEventData = 192 * 1024;  // the bus takes 255 KiB, the envelope included
constexpr std::int64_t kOrphanedAfterNs = 2'000'000'000;
constexpr std::int64_t kNeverNs = INT64_MIN;
constexpr Nanos kRetryAfter = std::chrono::milliseconds(200);
constexpr std::string_view kBusFailure = "bus";  // error.type

std::string carried(const telemetry::SpanContext* context) {
    return context != nullptr && context->valid() ? telemetry::format_traceparent(*context) : std::string();
}

/// A context that never left the service, although it was on disk meanwhile.
telemetry::SpanContext restored(std::string_view traceparent, std::string_view state) {
    auto context = telemetry::parse_traceparent(traceparent);
    if (!context) return {};
    context->state = state;
    context->remote = false;
    return *context;
}

}  // namespace

Result<void> add_to_outbox(store::Statements& tables, NewEvent event, WallTime now, std::int64_t owner,
                           const telemetry::SpanContext& trace, const telemetry::SpanContext* upstream) {
    if (contracts::find_event_type(event.type) == nullptr) {
        return Error{ErrorCode::kInternal,
                     "outbox: the catalogue has no event type " + std::string(event.type)};
    }
    if (event.data.size() > kMaxEventData) {
        return Error{ErrorCode::kInternal, "outbox: the data of " + std::string(event.type) + " has " +
                                               std::to_string(event.data.size()) + " bytes, at most " +
                                               std::to_string(kMaxEventData) + " are allowed"};
    }
    if (event.id.empty()) event.id = new_uuid();
    const std::string traceparent = carried(&trace);
    const std::string link = carried(upstream);
    const std::array<Parameter, 11> values = {
        owner,
        std::string_view(event.id),
        event.type,
        std::string_view(event.data),
        std::string_view(event.conversation_id),
        std::int64_t{event.delay.count()},
        now.unix_ns,
        std::string_view(traceparent),
        std::string_view(trace.state),
        std::string_view(link),
        upstream == nullptr ? std::string_view() : std::string_view(upstream->state)};
    return tables.run(kInsert, values);
}

/// A row on its way to the bus.
struct OutboxRelay::Pending {
    std::int64_t row = 0;
    Nanos delay{0};
    contracts::Event event;
    telemetry::SpanContext cause;     ///< span that wrote the row
    telemetry::SpanContext upstream;  ///< event that caused it, in another trace; may be invalid
    telemetry::Span span;
};

OutboxRelay::OutboxRelay(const MessagingParts& parts, std::int64_t owner,
                         std::unique_ptr<store::Statements> reader)
    : parts_(parts),
      owner_(owner),
      reader_(std::move(reader)),
      sent_(parts.meter.counter("messaging.client.sent.messages", "{message}", publish_attributes())),
      unsent_(parts.meter.counter("messaging.client.sent.messages", "{message}", publish_attributes(true))),
      durations_(parts.meter.durations("messaging.client.operation.duration", publish_attributes())),
      failed_durations_(
          parts.meter.durations("messaging.client.operation.duration", publish_attributes(true))),
      lag_(parts.meter.durations("outbox.lag")),
      refused_(parts.meter.counter("outbox.refused", "{event}")) {}

telemetry::Attributes OutboxRelay::publish_attributes(bool failed) const {
    telemetry::Attributes attributes = {
        {"messaging.system", std::string(kMessagingSystem)},
        {"messaging.operation.name", std::string("publish")},
        {"messaging.operation.type", std::string("send")},
        {"messaging.destination.name", bus_name(parts_.settings.environment)}};
    if (failed) attributes.push_back({"error.type", std::string(kBusFailure)});
    return attributes;
}

Result<std::shared_ptr<OutboxRelay>> OutboxRelay::open(const MessagingParts& parts, std::int64_t owner) {
    auto reader = parts.store.open_reader();
    if (!reader) return std::move(reader).error();
    return std::shared_ptr<OutboxRelay>(new OutboxRelay(parts, owner, std::move(*reader)));
}

void OutboxRelay::wake() {
    int state = state_.load();
    for (;;) {
        if (state == kWoken || state == kBusyAndWoken) return;
        const int next = state == kIdle ? kWoken : kBusyAndWoken;
        if (state_.compare_exchange_weak(state, next)) break;
    }
    if (state == kIdle) parts_.background.post([self = shared_from_this()] { self->take(); });
}

void OutboxRelay::sweep() {
    also_foreign_ = true;
    wake();
}

void OutboxRelay::take() {
    if (stopped_) return;
    state_ = kBusy;
    auto batch = read_batch(also_foreign_.exchange(false));
    if (!batch) {
        parts_.logger.log(telemetry::LogLevel::kError, "outbox: cannot read",
                          {{"service", parts_.service}, {"error", std::string_view(batch.error().message)}});
        run_over(RunEnd::kFailed);
    } else if (batch->empty()) {
        run_over(RunEnd::kEmpty);
    } else {
        relay(std::move(*batch));
    }
}

Result<std::vector<OutboxRelay::Pending>> OutboxRelay::read_batch(bool also_foreign) {
    std::vector<Pending> batch;
    const std::int64_t foreign_before =
        also_foreign ? parts_.clock.wall_now().unix_ns - kOrphanedAfterNs : kNeverNs;
    const std::array<Parameter, 3> values = {owner_, foreign_before, std::int64_t{alone_ > 0 ? 1 : kBatch}};
    auto done = reader_->run(kSelect, values, [&](const store::Row& row) {
        Pending& pending = batch.emplace_back();
        pending.row = row.integer(0);
        pending.event.id = row.text(1);
        pending.event.type = row.text(2);
        pending.event.data = row.text(3);
        pending.event.conversation_id = row.text(4);
        pending.delay = Nanos(row.integer(5));
        pending.event.time = WallTime{row.integer(6)};
        pending.cause = restored(row.text(7), row.text(8));
        pending.upstream = restored(row.text(9), row.text(10));
        pending.upstream.remote = true;
    });
    if (!done) return std::move(done).error();
    return batch;
}

void OutboxRelay::relay(std::vector<Pending> batch) {
    // With links the run of the relay is a trace of its own, and points at each request that it serves.
    telemetry::Span run;
    if (parts_.settings.publish_trace == PublishTrace::kLink) {
        run = parts_.tracer.start({.name = "outbox.process"});
        run.set("outbox.entries", static_cast<std::int64_t>(batch.size()));
    }
    const telemetry::SpanContext run_context = run.context();
    std::vector<bus::Publication> events;
    events.reserve(batch.size());
    for (Pending& row : batch)
        events.push_back(publication(row, run_context.valid() ? &run_context : nullptr));
    auto shared = std::make_shared<std::vector<Pending>>(std::move(batch));
    publishing_since_ = parts_.clock.now();
    parts_.bus.publish(std::move(events), [self = shared_from_this(), shared](Result<void> outcome) mutable {
        self->parts_.background.post([self, shared, outcome = std::move(outcome)]() mutable {
            self->published(shared, std::move(outcome));
        });
    });
}

bus::Publication OutboxRelay::publication(Pending& row, const telemetry::SpanContext* run) {
    const contracts::EventType* type = contracts::find_event_type(row.event.type);
    std::vector<telemetry::SpanLink> links;
    if (run != nullptr && row.cause.valid()) links.push_back({row.cause, {}});
    if (row.upstream.valid()) links.push_back({row.upstream, {}});
    const std::string name = "publish " + row.event.type;
    row.span = parts_.tracer.start({.name = name,
                                    .kind = telemetry::SpanKind::kProducer,
                                    .parent = run != nullptr ? run : &row.cause,
                                    .links = links,
                                    .at = row.event.time});
    row.event.trace = row.span.context();
    row.event.source = source_of(row.event.type, parts_.settings.environment);
    if (type != nullptr) {
        row.event.deprecation_date = type->deprecation_date;
        row.event.superseded_by = type->superseded_by;
    }
    // A fact told again asks a new question: the bus must not take it for a repetition.
    const std::string& asked = row.event.conversation_id;
    bus::Publication publication{.id = asked.empty() ? row.event.id : row.event.id + '/' + asked,
                                 .type = row.event.type,
                                 .source = row.event.source,
                                 .detail = contracts::write_event(row.event),
                                 .delay = row.delay};
    if (parts_.faults.active()) {
        const auto defect = parts_.faults.trace_defect(parts_.service, DefectPlace::kEvent);
        if (defect) apply_to_event(*defect, row.event, publication.detail);
    }
    row.event.body_bytes = row.event.data.size();
    row.event.envelope_bytes = publication.detail.size();
    describe_operation(row.span, "send", "publish", bus_name(parts_.settings.environment),
                       parts_.service_name);
    describe_event(row.span, row.event);
    return publication;
}

void OutboxRelay::published(std::shared_ptr<std::vector<Pending>> batch, Result<void> outcome) {
    const WallTime now = parts_.clock.wall_now();
    (outcome ? durations_ : failed_durations_).record(parts_.clock.now() - publishing_since_);
    (outcome ? sent_ : unsent_).add(batch->size());
    for (Pending& row : *batch) {
        if (outcome) {
            lag_.record(Nanos(now.unix_ns - row.event.time.unix_ns));
        } else {
            row.span.fail(kBusFailure, outcome.error().message);
        }
        row.span.end();
    }
    if (outcome) return forget(*batch);
    parts_.logger.log(telemetry::LogLevel::kError, "outbox: the bus refused",
                      {{"service", parts_.service}, {"error", std::string_view(outcome.error().message)}});
    if (outcome.error().code != ErrorCode::kUsage) return run_over(RunEnd::kFailed);
    // One of the rows is at fault, and the bus takes all or nothing: alone they show which.
    if (batch->size() == 1) return set_aside(batch->front());
    alone_ = batch->size();
    run_over(RunEnd::kMore);
}

void OutboxRelay::set_aside(const Pending& row) {
    refused_.add();
    write_rows({row.row}, "UPDATE outbox SET refused = 1 WHERE id = ?");
}

void OutboxRelay::forget(const std::vector<Pending>& batch) {
    std::vector<std::int64_t> rows;
    rows.reserve(batch.size());
    for (const Pending& row : batch) rows.push_back(row.row);
    write_rows(std::move(rows), "DELETE FROM outbox WHERE id = ?");
}

void OutboxRelay::write_rows(std::vector<std::int64_t> rows, std::string_view sql) {
    if (alone_ > 0) --alone_;
    parts_.store.write(
        [rows = std::move(rows), sql](store::Statements& tables) -> Result<void> {
            for (const std::int64_t row : rows) {
                const std::array<Parameter, 1> values = {row};
                auto done = tables.run(sql, values);
                if (!done) return done;
            }
            return {};
        },
        [self = shared_from_this()](Result<void> outcome) {
            self->parts_.background.post(
                [self, failed = !outcome] { self->run_over(failed ? RunEnd::kFailed : RunEnd::kMore); });
        });
}

void OutboxRelay::run_over(RunEnd end) {
    if (end == RunEnd::kFailed) {
        state_ = kWoken;
        parts_.background.after(kRetryAfter, [self = shared_from_this()] { self->take(); });
        return;
    }
    // Rows may have come while this batch was under way: only an empty look that nobody woke meanwhile ends
    // it.
    int state = kBusy;
    if (end == RunEnd::kEmpty && state_.compare_exchange_strong(state, kIdle)) return;
    state_ = kWoken;
    parts_.background.post([self = shared_from_this()] { self->take(); });
}

}  // namespace loadgen::services::runtime
