// Carries finished exchanges from the workers to whoever stores them, on a thread of its own.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/ring.hpp"
#include "common/runlog/record.hpp"
#include "loadgen/engine/connections/authority.hpp"
#include "loadgen/engine/exchanges/exchange.hpp"

namespace loadgen::engine {

/// Stores records. Called on the pipe's thread only, but for `name` and `begin`.
class ResultSink {
  public:
    virtual ~ResultSink() = default;
    /// What it is to a user, as in "records are missing from the result stream".
    virtual std::string name() const { return "the result stream"; }
    /// Everything else is ready and the run starts now: the time to open files. Its error ends the run.
    virtual Result<void> begin() { return {}; }
    virtual Result<void> take(const runlog::Record& record) = 0;
    /// No more records for the moment: hand on what is buffered.
    virtual Result<void> flush() = 0;
};

/// A finished exchange in the form that crosses threads.
struct Sample {
    std::shared_ptr<const CompiledRequest> request;
    std::uint64_t sequence = 0;
    TraceIds trace;
    const std::string* scenario = nullptr;  ///< its name, in the plan; null in an attack
    Instant due;
    Instant done;
    Nanos send_delay{0};
    Nanos dns{0};
    Nanos connect{0};
    Nanos tls{0};
    Nanos wait{0};
    Nanos body{0};
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    std::uint64_t connection_id = 0;
    const std::string* remote_address = nullptr;
    std::uint32_t ordinal = 0;
    std::uint16_t status = 0;
    Cause cause = Cause::kOk;
    bool warm_up = false;
    std::string error;
    std::unique_ptr<Captured> captured;
};

/// Workers never wait for storage: when a ring is full its sample is dropped from the stream (never from the
/// statistics) and counted, and the run's verdict says so.
class ResultPipe {
  public:
    static constexpr std::size_t kRingSamples = 128 * 1024;

    /// `start` and `start_wall` are the same moment on both clocks.
    ResultPipe(ResultSink& sink, const EndpointTable& endpoints, std::string attack, unsigned workers);
    ~ResultPipe();

    void start(Instant start, WallTime start_wall);
    /// From worker `index`'s thread.
    void push(unsigned index, Sample&& sample);
    /// After the workers have ended: stores what is left and returns the first error of the sink.
    Result<void> finish();
    std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }
    /// True once the sink has failed: what comes after is lost. Any thread.
    bool broken() const { return broken_.load(std::memory_order_relaxed); }

  private:
    void run();
    void give_up(Error error);
    bool drain_rings();
    void store(Sample& sample);

    ResultSink& sink_;
    const EndpointTable& endpoints_;
    runlog::Record record_;  // reused: its strings keep their capacity
    std::vector<std::unique_ptr<Ring<Sample>>> rings_;
    Instant start_;
    WallTime start_wall_;
    std::atomic<std::uint64_t> dropped_{0};
    std::optional<Error> error_;
    std::atomic<bool> broken_{false};
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace loadgen::engine
