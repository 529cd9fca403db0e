// What the workers of a run share. Set up before they start; afterwards only what says so may change.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "common/base/result.hpp"
#include "loadgen/engine/connections/authority.hpp"
#include "loadgen/engine/exchanges/compiled_request.hpp"
#include "loadgen/engine/results/result_pipe.hpp"
#include "loadgen/plan/run_plan.hpp"
#include "loadgen/steps/users.hpp"

namespace loadgen::engine {

/// Counts that the thread which shows progress may read at any time; each worker writes its own.
struct LiveCounters {
    std::atomic<std::uint64_t> issued{0};
    std::atomic<std::uint64_t> completed{0};
    std::atomic<std::uint64_t> failed{0};
    std::atomic<std::uint64_t> in_flight{0};
    std::atomic<std::uint64_t> connections{0};
    std::atomic<std::int64_t> p50_ns{0};  ///< response time over the last second
    std::atomic<std::int64_t> p99_ns{0};
    std::atomic<bool> ended{false};  ///< the worker has left its loop
};

class SharedRun {
  public:
    SharedRun(const plan::RunPlan& run_plan, unsigned worker_count);

    /// Compiles what the source knows in advance.
    void compile_known_requests();
    /// The request with this sequence number: nullptr when a lazy source has run dry or failed. Any thread.
    std::shared_ptr<const CompiledRequest> request_for(std::uint64_t sequence);
    std::shared_ptr<const CompiledRequest> compile(std::shared_ptr<const plan::Request> request);
    /// The error of a lazy source, once it has failed.
    std::optional<Error> source_error() const;

    const plan::RunPlan& plan;
    const unsigned workers;
    const CompileOptions compile_options;
    AuthorityTable authorities;
    EndpointTable endpoints;
    ResultPipe* results = nullptr;
    Instant start;        ///< offset 0 of the schedule
    WallTime start_wall;  ///< the same moment
    /// Of trace ids, which must differ from run to run even with the same seed.
    std::uint64_t trace_salt = 0;
    EndpointTable groups;  ///< names of Statistics::groups
    steps::UserCounts users;
    std::vector<std::unique_ptr<LiveCounters>> live;  ///< one a worker

  private:
    std::vector<std::shared_ptr<const CompiledRequest>> known_;
    mutable std::mutex source_mutex_;
    bool source_ended_ = false;
    std::optional<Error> source_error_;
};

}  // namespace loadgen::engine
