// Collects finished spans into batches for an exporter.
#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "common/telemetry/metrics.hpp"
#include "common/telemetry/span_batch.hpp"
#include "common/telemetry/tracer.hpp"

namespace loadgen::telemetry {

struct BatchOptions {
    std::size_t max_queue = 16'384;             ///< spans that wait; more are dropped
    std::size_t max_batch = 512;                ///< spans of one export; at least 1
    Nanos max_delay = std::chrono::seconds(1);  ///< of a span before its export begins
};

/// Spans of all threads go into one bounded queue of batches, whose lock is held for one copy only; a thread
/// of its own exports them. When the exporter is slower than the spans, the queue fills and further spans are
/// dropped and counted: the service never waits.
class BatchProcessor final : public SpanProcessor {
  public:
    /// Called on the processor's thread, one batch at a time; may block. Never called with an empty batch.
    using Export = std::function<void(const SpanBatch&)>;

    BatchProcessor(BatchOptions options, Export export_batch);
    ~BatchProcessor() override;
    BatchProcessor(const BatchProcessor&) = delete;
    BatchProcessor& operator=(const BatchProcessor&) = delete;

    void on_start(ParentOrigin parent, bool sampled) override;
    void on_end(std::unique_ptr<SpanData> span) override;
    void on_encoded(const EncodedSpan& span) override;

    /// Exports what is queued now. False when that takes longer than `timeout`.
    bool flush(Nanos timeout);
    /// Exports what is queued and stops; spans that end later are dropped. Returns when the thread has ended.
    /// Called by the destructor; may be called again, from one thread at a time.
    void shutdown();

    std::size_t queue_size() const;
    std::size_t queue_capacity() const { return options_.max_queue; }
    /// Spans begun, by where their parent was and whether they are recorded.
    std::uint64_t started(ParentOrigin parent, bool sampled) const {
        return started_[static_cast<std::size_t>(parent)][sampled ? 1 : 0].value();
    }
    /// Recorded spans that have not ended.
    std::int64_t live() const;
    std::uint64_t handed_over() const { return handed_over_.value(); }  ///< to the exporter
    std::uint64_t dropped_queue_full() const { return dropped_queue_full_.value(); }
    std::uint64_t dropped_after_shutdown() const { return dropped_after_shutdown_.value(); }

  private:
    void run();
    SpanBatch take_batch();
    bool wait_for_batch(std::unique_lock<std::mutex>& lock);

    const BatchOptions options_;
    const Export export_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable exported_;
    std::deque<SpanBatch> batches_;  // guarded by mutex_, as all down to stopping_; full, except for the last
    SpanBatch spare_;                // was exported: its memory serves again
    std::size_t size_ = 0;           // spans in batches_
    std::uint64_t accepted_ = 0;     // spans that ever got a place
    std::uint64_t finished_ = 0;     // of these, exported
    std::uint64_t flush_until_ = 0;  // export without delay while fewer are finished
    bool stopping_ = false;
    Instant oldest_since_;  // the thread's own: no span in the queue is older
    std::array<std::array<Counter, 2>, 3> started_;
    Counter ended_;
    Counter handed_over_;
    Counter dropped_queue_full_;
    Counter dropped_after_shutdown_;
    std::thread thread_;
};

}  // namespace loadgen::telemetry
