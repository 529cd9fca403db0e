// The engine's public face: runs a plan and returns what was measured.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/stats/metric_book.hpp"
#include "loadgen/engine/health.hpp"
#include "loadgen/engine/results/result_pipe.hpp"
#include "loadgen/engine/results/statistics.hpp"
#include "loadgen/engine/users/processor_factory.hpp"
#include "loadgen/plan/run_plan.hpp"

namespace loadgen::engine {

/// What is shown while a run goes on.
struct Progress {
    Nanos elapsed{0};
    double rate_asked = 0;  ///< requests per second now; 0 in a closed loop, and when it is users that arrive
    std::optional<std::int64_t> users;  ///< virtual users under way; none in an attack
    std::uint64_t issued = 0;
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
    std::uint64_t in_flight = 0;
    std::uint64_t connections = 0;
    Nanos p50{0};  ///< of the last second; the slowest worker's
    Nanos p99{0};
    bool draining = false;
};

/// Called about every 100 ms on the thread that called `run`.
class RunObserver {
  public:
    virtual ~RunObserver() = default;
    virtual void on_progress(const Progress& progress) = 0;
};

/// How a run is stopped from outside. Any thread, and signal handlers.
class RunControl {
  public:
    /// First call: issue nothing more and wait for answers. Second: end now.
    void request_stop() { requests_.fetch_add(1, std::memory_order_relaxed); }
    int stop_requests() const { return requests_.load(std::memory_order_relaxed); }

  private:
    std::atomic<int> requests_{0};
};

/// What the virtual users of a run did.
struct UserResult {
    stats::MetricBook book;
    std::uint64_t created = 0;
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
    bool out_of_data = false;              ///< unique rows ran out, and the policy did not say wrap
    std::vector<text::Value> last_values;  ///< of the last user that came to its end; only when asked for
};

struct RunResult {
    Statistics statistics;
    std::vector<std::string> groups;     ///< names, by index of statistics.groups()
    std::vector<std::string> endpoints;  ///< names, by index of statistics.endpoints()
    std::vector<std::string> scenarios;  ///< names, by their place in the plan; empty in an attack
    WallTime start_wall;
    Instant start;  ///< the same moment as start_wall
    Nanos elapsed{0};
    std::uint64_t issued = 0;
    Nanos cpu{0};  ///< of all worker threads
    unsigned threads = 0;
    std::vector<Finding> findings;
    /// Of virtual users; null in an attack.
    std::unique_ptr<UserResult> users;
    bool interrupted = false;
    std::optional<Error> source_error;  ///< a lazy source failed; the run ended early
    std::optional<Error> result_error;  ///< results could not be stored

    /// True when no finding breaks a limit.
    bool valid() const;
};

/// Runs the plan to its end. Results go to `sink` when the plan captures them (nullptr otherwise). Errors
/// (kUsage, kIo) are those found before anything was sent. Blocks the calling thread.
Result<RunResult> run(const plan::RunPlan& plan, ResultSink* sink, RunObserver* observer,
                      const RunControl& control, const ProcessorFactory& processors = {});

/// How many worker threads a plan will get: as asked, else the cores this process may use; never more than
/// there are connections or concurrent requests to share out.
unsigned worker_count(const plan::RunPlan& plan);

}  // namespace loadgen::engine
