// The table of workflow executions, inside the database of the service whose workflows they are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/telemetry/trace_context.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::runtime {

/// Idempotent scripts.
extern const std::vector<std::string_view> kWorkflowSchema;

/// One execution. `version` grows with every change, so that of two processes that saw the same only one goes
/// on.
struct ExecutionRow {
    std::string id;
    std::string workflow;
    std::string state;
    std::int64_t version = 0;
    std::int64_t attempt = 1;
    bool waiting = false;     ///< a token is out and not answered
    std::int64_t due_ms = 0;  ///< when the state has to be looked at again
    std::string event_id;
    std::string input;
    telemetry::SpanContext trace;  ///< of the request that started it
};

/// How an execution ended.
enum class ExecutionEnd { kSucceeded, kFailed };

/// False, and nothing changes, when the id is taken.
Result<bool> insert_execution(store::Statements& tables, const ExecutionRow& row);
/// The row while it is not finished.
Result<std::optional<ExecutionRow>> find_execution(store::Statements& tables, std::string_view id);
Result<std::optional<ExecutionRow>> find_waiting(store::Statements& tables, std::string_view token_hash);
/// The earliest that are due, at most `limit`.
Result<std::vector<ExecutionRow>> find_due(store::Statements& tables, std::int64_t now_ms,
                                           std::int64_t limit);
/// When the next one is due; none when nothing is going on.
Result<std::optional<std::int64_t>> next_due(store::Statements& tables);
/// Writes state, attempt, waiting, due and the token's hash (empty: none), one version on.
Result<void> update_execution(store::Statements& tables, const ExecutionRow& row,
                              std::string_view token_hash);
Result<void> finish_execution(store::Statements& tables, std::string_view id, ExecutionEnd end,
                              std::int64_t now_ms);
/// Changes nothing but when the execution is looked at again.
Result<void> postpone_execution(store::Statements& tables, std::string_view id, std::int64_t due_ms);

Result<std::int64_t> count_active(store::Statements& tables);
/// Whether any execution ended before `before_ms`.
Result<bool> has_old_executions(store::Statements& tables, std::int64_t before_ms);
/// Drops executions that ended before `before_ms`, at most kForgetBatch of them; returns how many.
inline constexpr std::int64_t kForgetBatch = 1000;
Result<std::int64_t> forget_executions(store::Statements& tables, std::int64_t before_ms);

}  // namespace loadgen::services::runtime
