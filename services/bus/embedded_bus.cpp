// The engine on SQLite: queues in bus.db, wake-ups through bus.wake. docs/bus.md has the tables and the why.
#include <future>

#include "common/base/random.hpp"
#include "services/bus/bus.hpp"
#include "services/bus/detail/dispatcher.hpp"
#include "services/bus/detail/embedded_batch.hpp"
#include "services/bus/detail/publish.hpp"

namespace loadgen::services::bus {
namespace {

using detail::Publish;

/// Runs a change and waits for the disk, however long that takes.
Result<void> write_and_wait(store::Store& store, store::Store::Change change) {
    auto promise = std::make_shared<std::promise<Result<void>>>();
    auto answer = promise->get_future();
    store.write(std::move(change), nullptr,
                [promise](Result<void> ended) { promise->set_value(std::move(ended)); });
    return answer.get();
}

std::int64_t random_version() {
    return static_cast<std::int64_t>(Random(entropy_seed()).next() >> 1U);
}

class EmbeddedBus final : public Bus {
  public:
    EmbeddedBus(std::unique_ptr<store::Store> store, std::unique_ptr<store::Statements> reader,
                std::shared_ptr<detail::WakeFile> wake, const EmbeddedBusOptions& options)
        : clock_(*options.clock),
          wake_(std::move(wake)),
          mailbox_(std::make_shared<detail::Mailbox>(wake_)),
          store_(std::move(store)),
          dispatcher_({.store = *store_,
                       .queues = queues_,
                       .wake = *wake_,
                       .counters = counters_,
                       .clock = clock_,
                       .sweep = options.sweep},
                      std::move(reader), mailbox_) {}

    Result<void> declare(const QueueSettings& queue) override;
    void publish(std::vector<Publication> events, Done done) override;
    Result<std::unique_ptr<Consumer>> consume(std::string_view queue, BatchHandler handler,
                                              ConsumerOptions options) override;
    Result<std::vector<QueueDepth>> depths() override;
    Result<std::vector<DeadLetter>> dead_letters(std::string_view queue, std::size_t limit) override;
    Result<std::uint64_t> redrive(std::string_view queue, std::span<const std::string> ids) override;
    BusCounters counters() const override { return counters_.read(); }

  private:
    void published(const Publish& publish);
    Result<detail::Queue> find_queue(store::Statements& tables, std::string_view name);

    const Clock& clock_;
    const std::shared_ptr<detail::WakeFile> wake_;
    const std::shared_ptr<detail::Mailbox> mailbox_;
    detail::Counters counters_;
    detail::QueueTable queues_;  // for changes only
    std::unique_ptr<store::Store> store_;
    detail::Dispatcher dispatcher_;  // last: its thread uses all of them
};

Result<detail::Queue> EmbeddedBus::find_queue(store::Statements& tables, std::string_view name) {
    auto queue = detail::read_queue(tables, name);
    if (queue && queue->id == 0) {
        return Error{ErrorCode::kNotFound, "bus: queue \"" + std::string(name) + "\" was not declared"};
    }
    return queue;
}

Result<void> EmbeddedBus::declare(const QueueSettings& queue) {
    auto checked = detail::check_settings(queue);
    if (!checked) return checked;
    // A number that no other declaration has: one that was rolled back must not look like the next.
    return write_and_wait(*store_, [queue, version = random_version()](store::Statements& tables) {
        return detail::put_queue(tables, queue, version);
    });
}

void EmbeddedBus::publish(std::vector<Publication> events, Done done) {
    auto checked = detail::check_publications(events);
    if (!checked) events.clear();  // nothing is written, and `done` still comes from the store's thread
    auto publish = std::make_shared<Publish>(std::move(events), clock_.wall_now());
    store_->write(
        [this, publish, checked](store::Statements& tables) {
            if (!checked) return checked;
            return publish->run(tables, queues_, clock_.wall_now());
        },
        std::move(done),
        [this, publish](const Result<void>& outcome) {  // counted and announced even when it came late
            if (outcome) published(*publish);
        });
}

void EmbeddedBus::published(const Publish& publish) {
    counters_.published += publish.events();
    counters_.copies += publish.copies();
    counters_.duplicates += publish.duplicates();
    counters_.unrouted += publish.unrouted();
    wake_->announce(publish.touched());
}

Result<std::unique_ptr<Consumer>> EmbeddedBus::consume(std::string_view queue, BatchHandler handler,
                                                       ConsumerOptions options) {
    if (options.max_batches == 0) return Error{ErrorCode::kUsage, "bus: a consumer needs room for a batch"};
    auto reader = store_->open_reader();
    if (!reader) return std::move(reader).error();
    auto found = find_queue(**reader, queue);
    if (!found) return std::move(found).error();
    auto state = std::make_shared<detail::ConsumerState>(*found, std::move(handler), options.max_batches);
    mailbox_->add(state);
    return std::unique_ptr<Consumer>(std::make_unique<detail::EmbeddedConsumer>(mailbox_, state));
}

Result<std::vector<QueueDepth>> EmbeddedBus::depths() {
    auto reader = store_->open_reader();
    if (!reader) return std::move(reader).error();
    return detail::read_depths(**reader, clock_.wall_now());
}

Result<std::vector<DeadLetter>> EmbeddedBus::dead_letters(std::string_view queue, std::size_t limit) {
    auto reader = store_->open_reader();
    if (!reader) return std::move(reader).error();
    auto found = find_queue(**reader, queue);
    if (!found) return std::move(found).error();
    return detail::read_dead_letters(**reader, queue, limit);
}

Result<std::uint64_t> EmbeddedBus::redrive(std::string_view queue, std::span<const std::string> ids) {
    struct Redrive {
        std::string queue;
        std::vector<std::string> ids;
        std::int64_t id = 0;
        std::uint64_t revived = 0;
    };
    auto redrive = std::make_shared<Redrive>(Redrive{std::string(queue), {ids.begin(), ids.end()}});
    auto done = write_and_wait(*store_, [this, redrive](store::Statements& tables) -> Result<void> {
        auto found = find_queue(tables, redrive->queue);
        if (!found) return std::move(found).error();
        redrive->id = found->id;
        auto revived = detail::redrive_letters(tables, found->id, redrive->ids);
        if (!revived) return std::move(revived).error();
        redrive->revived = *revived;
        return {};
    });
    if (!done) return std::move(done).error();
    wake_->announce({&redrive->id, 1});
    return redrive->revived;
}

/// Erased rows need no overwriting: they held nothing but messages, and it doubles what is written.
Result<void> tune(store::Store& store) {
    return write_and_wait(store, [](store::Statements& tables) {
        auto done = tables.run("PRAGMA secure_delete = OFF");
        if (done) done = tables.run("PRAGMA cache_size = -8192");
        return done;
    });
}

}  // namespace

Result<std::unique_ptr<Bus>> open_embedded_bus(const EmbeddedBusOptions& options) {
    constexpr int kCheckpointPages = 4000;
    auto wake = detail::WakeFile::open(options.folder + "/bus.wake");
    if (!wake) return std::move(wake).error();
    store::StoreOptions store_options;
    store_options.timeout = options.answer_within;
    store_options.path = options.folder + "/bus.db";
    store_options.turn_file = options.folder + "/bus.turn";
    store_options.checkpoint_pages = kCheckpointPages;
    auto store = store::open_sqlite_store(store_options, detail::migrations());
    if (!store) return with_context("bus: ", std::move(store).error());
    auto tuned = tune(**store);
    if (!tuned) return with_context("bus: ", std::move(tuned).error());
    auto reader = (*store)->open_reader();
    if (!reader) return with_context("bus: ", std::move(reader).error());
    return std::unique_ptr<Bus>(
        std::make_unique<EmbeddedBus>(std::move(*store), std::move(*reader), std::move(*wake), options));
}

}  // namespace loadgen::services::bus
