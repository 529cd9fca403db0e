// Durable executions: a named state at a time, each transition one transaction, so that a process that dies
// at any instant leaves an execution that the next one continues.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "services/runtime/transaction.hpp"

namespace loadgen::services::runtime {

/// An execution, as its steps see it.
struct Execution {
    std::string id;
    std::string input;     ///< JSON, as started
    std::string event_id;  ///< a uuid that stays the same over the whole execution
    std::string token;     ///< of the waiting state being entered; empty elsewhere
    int attempt = 1;       ///< of the present step
};

/// What a step does, in the transaction that also moves the execution on.
using StepFunction = std::function<Result<void>(Transaction&, const Execution&)>;

/// Retries of a step that failed: full jitter below first * factor^(attempt - 1).
struct RetryPolicy {
    int max_attempts = 1;
    Nanos first = std::chrono::seconds(1);
    double factor = 2;
};

/// States by name. Empty `next` ends the execution; where else a name may be empty, the execution has failed
/// then and is counted (workflow.failed).
struct WaitState {
    std::string name;
    Nanos duration;  ///< stretched by time_scale
    std::string next;
};
struct TaskState {
    std::string name;
    StepFunction run;
    std::string next;
    RetryPolicy retry = {};
    std::string on_error = {};  ///< after the last attempt
};
struct TokenState {
    std::string name;
    StepFunction enter;  ///< sends the token out; three attempts, then on_failure
    Nanos timeout;       ///< stretched by time_scale, but never below five seconds
    std::string next;
    std::string on_timeout;
    std::string on_failure;
};

/// Takes a service's workflows while it starts. The first state added is where executions begin.
class WorkflowBuilder {
  public:
    virtual ~WorkflowBuilder() = default;
    virtual void add(WaitState state) = 0;
    virtual void add(TaskState state) = 0;
    virtual void add(TokenState state) = 0;
};
class Workflows {
  public:
    virtual ~Workflows() = default;
    virtual WorkflowBuilder& define(std::string_view name) = 0;
};

}  // namespace loadgen::services::runtime
