// The event bus: events go in by type and source, rules put a copy into each queue that asked, consumers take
// batches and settle them. At least once: what is not settled in time comes again, and after too many tries
// goes to the dead letters. Engines implement it; nothing here assumes one process or one clock.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace loadgen::services::bus {

/// An event on its way in. `detail` is one JSON object (a CloudEvent); the bus does not look into it.
struct Publication {
    std::string id;      ///< of the event; a queue that still holds this id takes no second copy
    std::string type;    ///< detail-type
    std::string source;  ///< "dev.orders"
    std::string detail;
    Nanos delay{0};  ///< no consumer sees it earlier
};

/// Events that a queue wants: any of `types` from any of `sources`; an empty list means all of them.
struct Rule {
    std::vector<std::string> types;
    std::vector<std::string> sources;
};

struct QueueSettings {
    std::string name;  ///< "UserCreated-dev"
    std::vector<Rule> rules;
    Nanos visibility_timeout = std::chrono::seconds(30);  ///< a batch not settled within it comes again
    int max_receives = 3;                                 ///< then it is a dead letter
    std::size_t batch_size = 10;
    Nanos batch_window{0};  ///< how long a batch waits to become full
    Nanos dead_letter_retention = std::chrono::hours(24 * 14);
};

/// One event handed to a consumer.
struct Delivery {
    std::int64_t sequence = 0;  ///< of the copy in its queue; grows
    std::string id;             ///< of the event
    std::string type;
    std::string source;
    std::string body;   ///< the bus message: {"version":"0","id":...,"detail-type":...,"detail":{...}}
    int receives = 1;   ///< this one included
    WallTime enqueued;  ///< by the publisher's clock
};

/// A batch being worked on. Settle it exactly once, from any thread; a batch that is destroyed unsettled
/// comes again after its visibility timeout.
class Batch {
  public:
    virtual ~Batch() = default;
    virtual std::span<const Delivery> deliveries() const = 0;
    virtual std::string_view queue() const = 0;
    /// Removes what succeeded; what `failed` names (indexes into deliveries) comes again after `retry_after`,
    /// or goes to the dead letters when it was received too often.
    virtual void settle(std::span<const std::size_t> failed, Nanos retry_after = Nanos{0}) = 0;
};

/// Takes batches. Called from the bus's thread; must not block.
using BatchHandler = std::function<void(std::shared_ptr<Batch>)>;

struct ConsumerOptions {
    std::size_t max_batches = 8;  ///< handed out and not settled
};

/// Gets batches until destroyed or stopped. `stop` returns at once: no new batches come, and batches in
/// flight may still be settled while the bus lives. `idle` is true when none is in flight.
class Consumer {
  public:
    virtual ~Consumer() = default;
    virtual void stop() = 0;
    virtual bool idle() const = 0;
};

struct QueueDepth {
    std::string queue;
    std::uint64_t waiting = 0;    ///< visible now or later, not in flight
    std::uint64_t in_flight = 0;  ///< received and not settled, within their visibility timeout
    std::uint64_t dead = 0;
    Nanos oldest_age{0};  ///< of the oldest not settled
};

struct DeadLetter {
    std::string queue;
    std::int64_t sequence = 0;
    std::string id;
    std::string type;
    std::string body;
    int receives = 0;
    WallTime enqueued;
    WallTime died;
};

/// Counted by this process since its start.
struct BusCounters {
    std::uint64_t published = 0;    ///< events accepted
    std::uint64_t copies = 0;       ///< copies put into queues
    std::uint64_t duplicates = 0;   ///< copies not taken: the queue held the id
    std::uint64_t unrouted = 0;     ///< events that no rule wanted
    std::uint64_t delivered = 0;    ///< copies handed to consumers
    std::uint64_t redelivered = 0;  ///< of those, not for the first time
    std::uint64_t settled = 0;
    std::uint64_t dead = 0;
};

/// Thread-safe. Errors as in services/store/store.hpp: kLimit may be tried again, kIo is the disk.
class Bus {
  public:
    using Done = std::function<void(Result<void>)>;

    virtual ~Bus() = default;

    /// Makes the queue or changes its settings and rules; what it holds stays. Waits for the disk: call at
    /// start.
    virtual Result<void> declare(const QueueSettings& queue) = 0;

    /// Puts all events into their queues, durably, in this order, all or nothing. `done` is called once, from
    /// a thread of the bus; it must not block.
    virtual void publish(std::vector<Publication> events, Done done) = 0;

    /// Starts taking from a declared queue. Several consumers of one queue, in any process, share its events.
    virtual Result<std::unique_ptr<Consumer>> consume(std::string_view queue, BatchHandler handler,
                                                      ConsumerOptions options = {}) = 0;

    // For operators.
    virtual Result<std::vector<QueueDepth>> depths() = 0;
    virtual Result<std::vector<DeadLetter>> dead_letters(std::string_view queue, std::size_t limit) = 0;
    /// Puts dead letters back into their queue with their count reset; returns how many. Empty `ids`: all.
    virtual Result<std::uint64_t> redrive(std::string_view queue, std::span<const std::string> ids) = 0;
    virtual BusCounters counters() const = 0;
};

struct EmbeddedBusOptions {
    std::string folder;  ///< where bus.db and its wake-up file live; must exist
    Nanos sweep =
        std::chrono::seconds(1);  ///< longest time until news of another process is noticed without a wake-up
    Nanos answer_within = std::chrono::seconds(5);  ///< then a publication is answered with kLimit
    const Clock* clock = &system_clock();  ///< outlives the bus; its wall clock is that of all processes
};

/// The engine on SQLite: processes that open the same folder are one bus.
Result<std::unique_ptr<Bus>> open_embedded_bus(const EmbeddedBusOptions& options);

}  // namespace loadgen::services::bus
