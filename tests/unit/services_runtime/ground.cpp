#include "tests/unit/services_runtime/ground.hpp"

#include <condition_variable>
#include <future>

namespace loadgen::services::runtime {

void SpanCollector::on_end(std::unique_ptr<telemetry::SpanData> span) {
    const std::lock_guard<std::mutex> lock(mutex_);
    spans_.push_back(std::move(*span));
}

std::vector<telemetry::SpanData> SpanCollector::named(std::string_view name) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<telemetry::SpanData> found;
    for (const telemetry::SpanData& span : spans_) {
        if (span.name == name) found.push_back(span);
    }
    return found;
}

void LogCollector::write_line(std::string_view line) {
    const std::lock_guard<std::mutex> lock(mutex_);
    lines_ += line;
}

bool LogCollector::contains(std::string_view text) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return lines_.find(text) != std::string::npos;
}

namespace {

store::StoreOptions store_options(const std::filesystem::path& folder) {
    store::StoreOptions options;
    options.path = (folder / "test.db").string();
    return options;
}

constexpr std::string_view kTable[] = {"CREATE TABLE effects (key TEXT NOT NULL) STRICT"};

}  // namespace

Ground::Ground(const std::filesystem::path& folder, Settings wanted)
    : settings(std::move(wanted)),
      sdk(std::move(*telemetry::Sdk::start({}))),
      meter(sdk->meter_for({"test"})),
      store(std::move(*store::open_sqlite_store(store_options(folder), kTable))),
      bus(std::move(*bus::open_embedded_bus({.folder = folder.string()}))) {
    static_cast<void>(transact([](Transaction& transaction) -> Result<void> {
        auto made = transaction.tables().run(kOutboxSchema);
        return made ? transaction.tables().run(kInboxSchema) : made;
    }));
    const MessagingParts parts{.service = "test",
                               .service_name = "TestService",
                               .settings = settings,
                               .store = *store,
                               .bus = *bus,
                               .background = background,
                               .tracer = tracer,
                               .meter = meter,
                               .logger = logger,
                               .clock = system_clock(),
                               .faults = faults};
    outbox = *OutboxRelay::open(parts, transactions.owner);
    consumers = std::make_unique<EventConsumers>(
        ConsumerParts{parts, transactions, [this](const StoreTransaction::Effects& effects) {
                          if (effects.events) outbox->wake();
                      }});
}

Ground::~Ground() {
    background.stop();
    consumers->stop();
    outbox->stop();
    store.reset();
    consumers.reset();
    outbox.reset();
}

Result<void> Ground::transact(std::function<Result<void>(Transaction&)> work) {
    StoreTransaction::Effects effects;
    telemetry::Span span = tracer.start({.name = "transaction"});
    last_transaction = span.context();
    std::promise<Result<void>> told;
    store->write(
        [&](store::Statements& tables) {
            StoreTransaction transaction(transactions, tables, span, span.context(), nullptr, effects);
            return work(transaction);
        },
        [&told](Result<void> outcome) { told.set_value(std::move(outcome)); });
    auto outcome = told.get_future().get();
    if (outcome && effects.events && outbox) outbox->wake();
    return outcome;
}

std::int64_t Ground::number(std::string_view sql) {
    std::int64_t value = -1;
    auto reader = store->open_reader();
    if (reader) {
        static_cast<void>(
            (*reader)->run(sql, {}, [&value](const store::Row& row) { value = row.integer(0); }));
    }
    return value;
}

void Ground::start_consumers() {
    static_cast<void>(consumers->declare());
    static_cast<void>(consumers->start());
}

bool eventually(const std::function<bool()>& condition) {
    std::mutex mutex;
    std::condition_variable never;
    const Instant deadline = system_clock().now() + std::chrono::seconds(10);
    while (!condition()) {
        if (system_clock().now() > deadline) return false;
        std::unique_lock<std::mutex> lock(mutex);
        never.wait_for(lock, std::chrono::milliseconds(2));
    }
    return true;
}

}  // namespace loadgen::services::runtime
