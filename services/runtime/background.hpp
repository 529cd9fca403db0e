// One thread for what no request waits for: outboxes, workflow timers, jobs.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

#include "common/base/time.hpp"

namespace loadgen::services::runtime {

/// Runs tasks in order of their time, one after another; a task must not wait. Thread-safe.
class Background {
  public:
    explicit Background(const Clock& clock = system_clock());
    ~Background();  ///< drops what has not begun
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    void post(std::function<void()> task) { after(Nanos{0}, std::move(task)); }
    void after(Nanos wait, std::function<void()> task);
    /// Lets the running task finish and drops the rest. Later tasks are dropped too. Idempotent.
    void stop();

  private:
    struct Entry {
        Instant due;
        std::uint64_t order;
        std::function<void()> task;
        bool operator<(const Entry& other) const {  // the queue's top is the greatest: the earliest
            return due != other.due ? due > other.due : order > other.order;
        }
    };

    void run();
    bool wait_for_task(std::unique_lock<std::mutex>& lock);

    const Clock& clock_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::priority_queue<Entry> entries_;  // guarded by mutex_
    std::uint64_t next_order_ = 0;        // guarded by mutex_
    bool stopping_ = false;               // guarded by mutex_
    std::thread thread_;
};

}  // namespace loadgen::services::runtime
