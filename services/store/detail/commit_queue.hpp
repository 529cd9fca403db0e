// Group commit: changes queue up while the previous group is being made durable, then go together. No
// artificial delay: a lone change commits at once. Knows nothing of the engine.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "services/store/store.hpp"

namespace loadgen::services::store::detail {

/// Commits groups of changes; the engine's side of the queue.
class GroupWriter {
  public:
    virtual ~GroupWriter() = default;
    /// Applies `changes` in order and makes them durable. One result a change. Writer thread only.
    virtual std::vector<Result<void>> commit_group(std::span<Store::Change> changes) = 0;
    /// Called after the group's callers were answered: time for upkeep nobody should wait for.
    virtual void after_group() = 0;
};

/// A queue with two threads: one commits, one answers changes whose time is up. Both sleep without end while
/// nothing waits. Thread-safe.
class CommitQueue {
  public:
    /// `writer` must outlive the queue.
    CommitQueue(GroupWriter& writer, const StoreOptions& options, const Clock& clock);
    /// Commits what was accepted, then joins both threads.
    ~CommitQueue();
    CommitQueue(const CommitQueue&) = delete;
    CommitQueue& operator=(const CommitQueue&) = delete;

    /// As Store::write; both answers may be empty.
    void push(Store::Change change, Store::Done done, Store::Done ended);
    StoreCounters counters() const;

  private:
    struct Waiting {
        Store::Change change;
        Store::Done done;
        Store::Done ended;
        Instant deadline;
    };

    void run_writer();
    void run_watchdog();
    bool take_group(std::vector<Store::Change>& changes);
    void answer_group(const std::vector<Result<void>>& results);
    std::vector<Store::Done> take_expired(Instant now);
    Instant next_deadline(Instant now) const;

    GroupWriter& writer_;
    const Nanos timeout_;
    const std::size_t max_group_;
    const std::size_t max_queued_;
    const Clock& clock_;

    mutable std::mutex mutex_;
    std::condition_variable wake_writer_;
    std::condition_variable wake_watchdog_;
    // Everything below is guarded by mutex_. Deadlines grow towards the back of both lists.
    std::deque<Waiting> queued_;
    std::vector<Waiting> running_;  ///< the group being committed; its late ones have no `done` any more
    bool stopping_ = false;
    bool writer_left_ = false;
    bool watchdog_parked_ = false;  ///< sleeps until it is woken, not until a deadline
    StoreCounters counters_;

    std::thread writer_thread_;
    std::thread watchdog_thread_;
};

}  // namespace loadgen::services::store::detail
