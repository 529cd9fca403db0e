#include "services/store/detail/commit_queue.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "common/base/duration_text.hpp"

namespace loadgen::services::store::detail {
namespace {

void answer(const Store::Done& who, const Result<void>& outcome) {
    if (who) who(outcome);
}

}  // namespace

CommitQueue::CommitQueue(GroupWriter& writer, const StoreOptions& options, const Clock& clock)
    : writer_(writer),
      timeout_(options.timeout),
      max_group_(options.max_group),
      max_queued_(options.max_queued),
      clock_(clock),
      writer_thread_([this] { run_writer(); }),
      watchdog_thread_([this] { run_watchdog(); }) {}

CommitQueue::~CommitQueue() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_writer_.notify_one();
    writer_thread_.join();
    {
        const std::lock_guard lock(mutex_);
        writer_left_ = true;
    }
    wake_watchdog_.notify_one();
    watchdog_thread_.join();
}

void CommitQueue::push(Store::Change change, Store::Done done, Store::Done ended) {
    bool accepted = false;
    bool was_empty = false;
    bool was_parked = false;
    {
        const std::lock_guard lock(mutex_);
        accepted = queued_.size() < max_queued_;
        if (accepted) {
            was_empty = queued_.empty();
            was_parked = std::exchange(watchdog_parked_, false);
            queued_.push_back(
                {std::move(change), std::move(done), std::move(ended), clock_.now() + timeout_});
        }
    }
    if (!accepted) {
        const Error full{ErrorCode::kLimit,
                         "store: " + std::to_string(max_queued_) + " changes are waiting already"};
        answer(ended, full);
        answer(done, full);
    }
    if (was_empty) wake_writer_.notify_one();
    if (was_parked) wake_watchdog_.notify_one();
}

StoreCounters CommitQueue::counters() const {
    const std::lock_guard lock(mutex_);
    return counters_;
}

void CommitQueue::run_writer() {
    std::vector<Store::Change> changes;
    while (take_group(changes)) {
        const std::vector<Result<void>> results = writer_.commit_group(changes);
        assert(results.size() == changes.size());  // the engine's promise: one result a change
        answer_group(results);
        writer_.after_group();
    }
}

bool CommitQueue::take_group(std::vector<Store::Change>& changes) {
    changes.clear();
    std::unique_lock lock(mutex_);
    wake_writer_.wait(lock, [this] { return stopping_ || !queued_.empty(); });
    while (!queued_.empty() && changes.size() < max_group_) {
        changes.push_back(std::move(queued_.front().change));
        running_.push_back(std::move(queued_.front()));
        queued_.pop_front();
    }
    return !changes.empty();
}

void CommitQueue::answer_group(const std::vector<Result<void>>& results) {
    std::vector<Waiting> answered;
    {
        const std::lock_guard lock(mutex_);
        answered.swap(running_);
        const auto committed = std::count_if(results.begin(), results.end(),
                                             [](const auto& result) { return result.has_value(); });
        counters_.changes += static_cast<std::uint64_t>(committed);
        if (committed > 0) ++counters_.commits;
    }
    for (std::size_t i = 0; i < answered.size(); ++i) {
        answer(answered[i].ended, results[i]);
        answer(answered[i].done, results[i]);
    }
}

void CommitQueue::run_watchdog() {
    std::unique_lock lock(mutex_);
    while (!writer_left_) {
        const Instant now = clock_.now();
        std::vector<Store::Done> expired = take_expired(now);
        if (!expired.empty()) {
            lock.unlock();
            const Error late{ErrorCode::kLimit, "store: no answer within " + format_duration(timeout_)};
            for (const Store::Done& done : expired) answer(done, late);
            lock.lock();
            continue;
        }
        // A busy store keeps the watchdog on a timer, so that a push need not wake it; only one that had
        // nothing to do for a whole timeout parks it.
        watchdog_parked_ = queued_.empty() && running_.empty();
        if (watchdog_parked_) {
            wake_watchdog_.wait(lock, [this] { return writer_left_ || !watchdog_parked_; });
        } else {
            wake_watchdog_.wait_for(lock, next_deadline(now) - now);
        }
    }
}

std::vector<Store::Done> CommitQueue::take_expired(Instant now) {
    std::vector<Store::Done> expired;
    for (Waiting& waiting : running_) {
        if (waiting.done && waiting.deadline <= now) expired.push_back(std::exchange(waiting.done, nullptr));
    }
    while (!queued_.empty() && queued_.front().deadline <= now) {
        expired.push_back(std::move(queued_.front().ended));  // never begun: that is the truth
        expired.push_back(std::move(queued_.front().done));
        queued_.pop_front();
    }
    return expired;
}

Instant CommitQueue::next_deadline(Instant now) const {
    // Whatever is pushed from here on is due after `now + timeout_`, so pushing need not wake the watchdog.
    Instant next = now + timeout_;
    if (!queued_.empty()) next = std::min(next, queued_.front().deadline);
    for (const Waiting& waiting : running_) {
        if (waiting.done) next = std::min(next, waiting.deadline);
    }
    return next;
}

}  // namespace loadgen::services::store::detail
