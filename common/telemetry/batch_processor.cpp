#include "common/telemetry/batch_processor.hpp"

#include <algorithm>
#include <utility>

namespace loadgen::telemetry {

BatchProcessor::BatchProcessor(BatchOptions options, Export export_batch)
    : options_(options),
      export_(std::move(export_batch)),
      ring_(std::max<std::size_t>(options.max_queue, 1)),
      thread_([this] { run(); }) {}

BatchProcessor::~BatchProcessor() {
    shutdown();
}

void BatchProcessor::on_start(ParentOrigin parent, bool sampled) {
    started_[static_cast<std::size_t>(parent)][sampled ? 1 : 0].add();
}

void BatchProcessor::on_end(std::unique_ptr<SpanData> span) {
    ended_.add();
    bool wake = false;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) {
            dropped_after_shutdown_.add();
            return;
        }
        if (size_ == ring_.size()) {
            dropped_queue_full_.add();
            return;
        }
        ring_[(head_ + size_) % ring_.size()] = std::move(span);
        ++size_;
        ++accepted_;
        // The thread waits for the first span, and then for a whole batch.
        wake = size_ == 1 || size_ == options_.max_batch;
    }
    if (wake) wake_.notify_one();
}

bool BatchProcessor::flush(Nanos timeout) {
    std::unique_lock lock(mutex_);
    const std::uint64_t goal = accepted_;
    flush_until_ = std::max(flush_until_, goal);
    wake_.notify_one();
    return exported_.wait_for(lock, timeout, [&] { return finished_ >= goal; });
}

void BatchProcessor::shutdown() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

std::size_t BatchProcessor::queue_size() const {
    const std::lock_guard lock(mutex_);
    return size_;
}

std::int64_t BatchProcessor::live() const {
    // Ended first: read the other way round, spans between the two readings could make it negative.
    const std::uint64_t ended = ended_.value();
    std::uint64_t recorded = 0;
    for (const auto& by_origin : started_) recorded += by_origin[1].value();
    return static_cast<std::int64_t>(recorded - ended);
}

void BatchProcessor::run() {
    std::unique_lock lock(mutex_);
    while (wait_for_batch(lock)) {
        Batch batch = take_batch();
        const std::size_t count = batch.size();
        lock.unlock();
        handed_over_.add(count);
        export_(std::move(batch));
        lock.lock();
        finished_ += count;
        exported_.notify_all();
    }
}

// False when there is nothing left to wait for.
bool BatchProcessor::wait_for_batch(std::unique_lock<std::mutex>& lock) {
    if (size_ == 0) {
        wake_.wait(lock, [this] { return stopping_ || size_ > 0; });
        oldest_since_ = system_clock().now();
    }
    if (size_ == 0) return false;
    // What came during the last export has waited that long already.
    const Nanos left = oldest_since_ + options_.max_delay - system_clock().now();
    wake_.wait_for(lock, std::max(left, Nanos(0)),
                   [this] { return stopping_ || size_ >= options_.max_batch || finished_ < flush_until_; });
    return true;
}

BatchProcessor::Batch BatchProcessor::take_batch() {
    const std::size_t count = std::min(size_, std::max<std::size_t>(options_.max_batch, 1));
    Batch batch;
    batch.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        batch.push_back(std::move(ring_[head_]));
        head_ = head_ + 1 == ring_.size() ? 0 : head_ + 1;
    }
    size_ -= count;
    oldest_since_ = system_clock().now();
    return batch;
}

}  // namespace loadgen::telemetry
