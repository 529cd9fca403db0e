// What other threads leave for the dispatcher. Batches and consumers hold it, so it outlives the bus.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "services/bus/detail/wake_file.hpp"
#include "services/bus/detail/work.hpp"

namespace loadgen::services::bus::detail {

/// One consumer as its handle, its batches and the dispatcher see it.
struct ConsumerState {
    ConsumerState(const Queue& of, BatchHandler batch_handler, std::size_t most_batches)
        : queue(of.id),
          queue_name(of.settings.name),
          max_batches(most_batches),
          handler(std::move(batch_handler)),
          settings(of.settings) {}

    const std::int64_t queue;
    const std::string queue_name;
    const std::size_t max_batches;
    std::atomic<std::size_t> in_flight{0};  ///< batches
    std::atomic<bool> stopped{false};

    std::mutex calling;    ///< held while the handler runs
    BatchHandler handler;  ///< guarded by calling; empty once the handle is gone

    // The dispatcher's own:
    QueueSettings settings;          ///< as the last claim saw them
    bool poll = true;                ///< there may be something to take
    std::optional<WallMs> due = {};  ///< when there will be
    std::uint32_t news = 0;          ///< announcements seen
};

/// Thread-safe.
class Mailbox {
  public:
    struct Mail {
        std::vector<Settlement> settlements;
        std::vector<std::shared_ptr<ConsumerState>> consumers;
        std::shared_ptr<Work> finished;  ///< null: none yet
        Result<void> outcome;            ///< of `finished`
        bool stop = false;
    };

    explicit Mailbox(std::shared_ptr<WakeFile> wake) : wake_(std::move(wake)) {}

    /// Nothing is taken any more once the mailbox is closed: settlements are forgotten then.
    void settle(std::vector<Settlement> settlements);
    void capacity_freed();
    void add(std::shared_ptr<ConsumerState> consumer);
    void finish(std::shared_ptr<Work> work, Result<void> outcome);
    void stop();
    void close();

    // For the dispatcher.
    void started(std::thread::id thread) { dispatcher_.store(thread); }
    bool on_dispatcher() const { return dispatcher_.load() == std::this_thread::get_id(); }
    Mail take();
    /// True when the dispatcher may sleep; mail that matters wakes it from then on. While work is under way
    /// settlements do not matter: they go with the next.
    bool may_sleep(bool working);
    void awake();

  private:
    void wake_if(bool sleeping);

    const std::shared_ptr<WakeFile> wake_;
    std::atomic<std::thread::id> dispatcher_{};
    std::mutex mutex_;
    // Guarded by mutex_.
    Mail mail_;
    bool freed_ = false;
    bool sleeping_ = false;
    bool working_ = false;
    bool closed_ = false;
};

}  // namespace loadgen::services::bus::detail
