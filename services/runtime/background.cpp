#include "services/runtime/background.hpp"

namespace loadgen::services::runtime {

Background::Background(const Clock& clock) : clock_(clock), thread_([this] { run(); }) {}

Background::~Background() {
    stop();
}

void Background::after(Nanos wait, std::function<void()> task) {
    const Instant due = clock_.now() + wait;
    const std::lock_guard<std::mutex> lock(mutex_);
    if (stopping_) return;
    const bool first = entries_.empty() || due < entries_.top().due;
    entries_.push({due, next_order_++, std::move(task)});
    if (first) wake_.notify_one();
}

void Background::stop() {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        stopping_ = true;
        wake_.notify_one();
    }
    if (thread_.joinable() && thread_.get_id() != std::this_thread::get_id()) thread_.join();
}

bool Background::wait_for_task(std::unique_lock<std::mutex>& lock) {
    while (!stopping_) {
        if (entries_.empty()) {
            wake_.wait(lock);
            continue;
        }
        const Nanos left = entries_.top().due - clock_.now();
        if (left.count() <= 0) return true;
        wake_.wait_for(lock, left);
    }
    return false;
}

void Background::run() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (wait_for_task(lock)) {
        // The queue only shows its top as const; the entry is popped right away, so moving from it is safe.
        std::function<void()> task = std::move(const_cast<Entry&>(entries_.top()).task);
        entries_.pop();
        lock.unlock();
        task();
        task = nullptr;  // what it owns may come back here when it goes
        lock.lock();
    }
}

}  // namespace loadgen::services::runtime
