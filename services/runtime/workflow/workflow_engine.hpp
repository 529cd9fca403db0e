// Runs the workflows of one service: durable executions, each transition one transaction (docs/workflows.md).
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "common/base/random.hpp"
#include "services/runtime/service.hpp"
#include "services/runtime/workflow/workflow_definition.hpp"
#include "services/runtime/workflow/workflow_table.hpp"

namespace loadgen::services::runtime {

/// A timeout is never shorter, however time is scaled: the answer comes over a real bus.
inline constexpr Nanos kShortestTimeout = std::chrono::seconds(5);
/// Executions that are taken on together; as many as the store commits in one group.
inline constexpr std::int64_t kStepsAtOnce = 256;
/// How long the store rests after a step failed because of it, and how long an execution does that is in a
/// state which this process does not know.
inline constexpr Nanos kStoreRest = std::chrono::seconds(1);
inline constexpr Nanos kStrandedRest = std::chrono::seconds(30);
/// What has ended is kept this long.
inline constexpr Nanos kExecutionsKept = std::chrono::hours(24);

struct WorkflowParts {
    std::string_view service;
    ServiceContext& context;  ///< outlives the engine
};

/// Filled by `define` while the service starts, then `open`. Executions that another process of the service
/// has begun are continued by whichever looks first: a transition is only made in the version of the row that
/// the process has seen.
class WorkflowEngine final : public Workflows {
  public:
    explicit WorkflowEngine(WorkflowParts parts);
    ~WorkflowEngine() override;

    WorkflowBuilder& define(std::string_view name) override;
    /// Checks the definitions and makes the tables. Waits for the disk.
    Result<void> open();

    // Parts of others' transactions; writing thread.
    Result<void> start(store::Statements& tables, WallTime now, std::string_view workflow,
                       std::string_view id, std::string input, const telemetry::SpanContext& trace);
    Result<TokenOutcome> succeed_token(store::Statements& tables, WallTime now, std::string_view token);
    Result<TokenOutcome> fail_token(store::Statements& tables, WallTime now, std::string_view token,
                                    std::string_view error_name);

    /// Something may be due: after a commit, and each second for what other processes left. Any thread.
    void wake();

  private:
    enum Activity : int { kIdle, kWoken, kBusy, kBusyAndWoken };

    // workflow_engine.cpp: transitions, inside a transaction.
    const WorkflowDefinition* find(std::string_view workflow) const;
    const WorkflowState* find(std::string_view workflow, std::string_view state) const;
    std::int64_t due_of(const WorkflowState& state, std::int64_t now_ms) const;
    Result<void> go_to(store::Statements& tables, ExecutionRow row, const std::string& state,
                       std::int64_t now_ms);
    Result<void> go_or_fail(store::Statements& tables, ExecutionRow row, std::string_view state,
                            std::int64_t now_ms);
    Result<TokenOutcome> answer_token(store::Statements& tables, WallTime now, std::string_view token,
                                      bool success);
    Result<void> step(Transaction& transaction, const ExecutionRow& seen);
    Result<void> move_on(Transaction& transaction, ExecutionRow row, const WorkflowState& state);
    Result<void> strand(Transaction& transaction, const ExecutionRow& row);
    Result<void> ask(Transaction& transaction, ExecutionRow row, const TokenState& state);
    Result<void> record_failure(Transaction& transaction, const ExecutionRow& seen);

    // workflow_driver.cpp: which execution is next, and when. Background loop, except where a store's thread
    // tells the end of a step.
    void run_due();
    void run_step(const ExecutionRow& seen);
    void step_failed(const ExecutionRow& seen, const Error& error);
    void store_failed(const Error& error);
    void step_over();
    void batch_over(bool more);
    void sleep_until_due();
    void keep_up();
    void forget_ended();
    std::int64_t now_ms() const;

    const WorkflowParts parts_;
    std::map<std::string, WorkflowDefinition, std::less<>> definitions_;
    Random random_;  // writing thread
    std::atomic<int> activity_{kIdle};
    std::atomic<std::size_t> steps_left_{0};
    std::atomic<bool> store_failed_{false};
    std::unique_ptr<store::Statements> reader_;  // background loop, like the two below
    std::optional<Instant> timer_;               // the next one that wakes
    std::optional<Instant> next_upkeep_;
    const std::shared_ptr<std::atomic<std::int64_t>> active_;  // shared with the gauge
    telemetry::Counter& started_;
    telemetry::Counter& timeouts_;
    telemetry::Counter& retries_;
    telemetry::Counter& failed_;
    telemetry::Counter& stranded_;
};

}  // namespace loadgen::services::runtime
