// One workflow as its service described it.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "services/runtime/workflow.hpp"

namespace loadgen::services::runtime {

using WorkflowState = std::variant<WaitState, TaskState, TokenState>;

const std::string& name_of(const WorkflowState& state);

/// Filled while the service starts, then only read.
class WorkflowDefinition final : public WorkflowBuilder {
  public:
    void add(WaitState state) override { states_.emplace_back(std::move(state)); }
    void add(TaskState state) override { states_.emplace_back(std::move(state)); }
    void add(TokenState state) override { states_.emplace_back(std::move(state)); }

    /// There is a first state, no name comes twice, every name that a state goes to exists, and every step
    /// has something to do. The error names the state.
    Result<void> check() const;
    const WorkflowState& first() const { return states_.front(); }
    /// Null when there is none.
    const WorkflowState* find(std::string_view name) const;

  private:
    std::vector<WorkflowState> states_;
};

/// What is tried again, and how often: a task's own rule, and three times for asking a question.
RetryPolicy retry_of(const WorkflowState& state);
/// Where an execution goes after the last try; empty: it fails.
std::string_view after_last_try(const WorkflowState& state);

}  // namespace loadgen::services::runtime
