// Asks for an export of metrics at regular times.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

#include "common/base/time.hpp"

namespace loadgen::telemetry {

/// A thread that exports every `interval`, when asked to, and once more at the end. Thread-safe.
class MetricReader {
  public:
    /// True when all was taken. Called on the reader's thread; may block.
    using Export = std::function<bool()>;

    MetricReader(Nanos interval, Export export_metrics);
    ~MetricReader() { shutdown(); }
    MetricReader(const MetricReader&) = delete;
    MetricReader& operator=(const MetricReader&) = delete;

    /// Waits for an export that begins after this call. False when it takes longer or fails.
    bool read_now(Nanos timeout);
    /// Exports once more and ends the thread. May be called again, from one thread at a time.
    void shutdown();

  private:
    void run();

    const Nanos interval_;
    const Export export_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable exported_;
    std::uint64_t begun_ = 0;     // exports; guarded by mutex_, as all below
    std::uint64_t finished_ = 0;  // of these
    std::uint64_t wanted_ = 0;    // as many are to be begun at once
    std::uint64_t last_failed_ = 0;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace loadgen::telemetry
