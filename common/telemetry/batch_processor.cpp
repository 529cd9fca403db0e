#include "common/telemetry/batch_processor.hpp"

#include <algorithm>
#include <utility>

#include "common/telemetry/span_codec.hpp"

namespace loadgen::telemetry {
namespace {

BatchOptions at_least_one(BatchOptions options) {
    options.max_queue = std::max<std::size_t>(options.max_queue, 1);
    options.max_batch = std::max<std::size_t>(options.max_batch, 1);
    return options;
}

}  // namespace

BatchProcessor::BatchProcessor(BatchOptions options, Export export_batch)
    : options_(at_least_one(options)), export_(std::move(export_batch)), thread_([this] { run(); }) {}

BatchProcessor::~BatchProcessor() {
    shutdown();
}

void BatchProcessor::on_start(ParentOrigin parent, bool sampled) {
    started_[static_cast<std::size_t>(parent)][sampled ? 1 : 0].add();
}

void BatchProcessor::on_end(std::unique_ptr<SpanData> span) {
    const std::string message = encode_span(*span);
    on_encoded({message, span->scope});
}

void BatchProcessor::on_encoded(const EncodedSpan& span) {
    ended_.add();
    bool wake = false;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) {
            dropped_after_shutdown_.add();
            return;
        }
        if (size_ == options_.max_queue) {
            dropped_queue_full_.add();
            return;
        }
        if (batches_.empty() || batches_.back().size() == options_.max_batch)
            batches_.push_back(std::exchange(spare_, {}));
        batches_.back().add(span);
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
        SpanBatch batch = take_batch();
        const std::size_t count = batch.size();
        lock.unlock();
        handed_over_.add(count);
        export_(batch);
        batch.clear();
        lock.lock();
        spare_ = std::move(batch);
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

SpanBatch BatchProcessor::take_batch() {
    SpanBatch batch = std::move(batches_.front());
    batches_.pop_front();
    size_ -= batch.size();
    oldest_since_ = system_clock().now();
    return batch;
}

}  // namespace loadgen::telemetry
