// Runs the workflows of one service: durable executions, each transition one transaction.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "common/base/random.hpp"
#include "services/runtime/service.hpp"
#include "services/runtime/workflow_table.hpp"

namespace loadgen::services::runtime {

struct WorkflowParts {
    std::string_view service;
    ServiceContext& context;  ///< outlives the engine
};

/// Filled by `define` while the service starts, then `open`. Executions that another process of the service
/// has begun are continued by whichever looks first.
class WorkflowEngine final : public Workflows {
  public:
    explicit WorkflowEngine(WorkflowParts parts);
    ~WorkflowEngine() override;

    WorkflowBuilder& define(std::string_view name) override;
    /// Makes the tables. Waits for the disk.
    Result<void> open();

    // Parts of others' transactions; writing thread.
    Result<void> start(store::Statements& tables, WallTime now, std::string_view workflow,
                       std::string_view id, std::string input, const telemetry::SpanContext& trace);
    Result<TokenOutcome> succeed_token(store::Statements& tables, WallTime now, std::string_view token);
    Result<TokenOutcome> fail_token(store::Statements& tables, WallTime now, std::string_view token,
                                    std::string_view error_name);

    /// Something may be due. Any thread.
    void wake();

  private:
    using State = std::variant<WaitState, TaskState, TokenState>;
    class Definition;
    enum Activity : int { kIdle, kWoken, kBusy, kBusyAndWoken };

    const Definition* find(std::string_view workflow) const;
    Result<void> move_to(store::Statements& tables, ExecutionRow row, const std::string& state,
                         std::int64_t now_ms);
    Result<TokenOutcome> answer_token(store::Statements& tables, WallTime now, std::string_view token,
                                      bool success);

    void run_due();
    void run_step(const ExecutionRow& seen);
    Result<void> step(Transaction& transaction, const ExecutionRow& seen);
    Result<void> enter_token_state(Transaction& transaction, ExecutionRow row, const TokenState& state);
    void step_failed(const ExecutionRow& seen, const Error& error);
    Result<void> record_failure(Transaction& transaction, const ExecutionRow& seen);
    void step_over();
    void batch_over(bool more);
    void sleep_until_due();
    std::int64_t now_ms() const;

    const WorkflowParts parts_;
    std::map<std::string, std::unique_ptr<Definition>, std::less<>> definitions_;
    std::unique_ptr<store::Statements> reader_;  // background loop
    Random random_;                              // writing thread
    std::atomic<int> activity_{kIdle};
    std::atomic<std::size_t> steps_left_{0};
    telemetry::Counter& started_;
    telemetry::Counter& timeouts_;
    telemetry::Counter& failed_;
};

}  // namespace loadgen::services::runtime
