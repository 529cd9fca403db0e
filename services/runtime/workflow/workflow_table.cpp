#include "services/runtime/workflow/workflow_table.hpp"

#include "services/store/query.hpp"

namespace loadgen::services::runtime {

const std::vector<std::string_view> kWorkflowSchema = {
    "CREATE TABLE IF NOT EXISTS workflow_executions ("
    "  id TEXT PRIMARY KEY,"
    "  workflow TEXT NOT NULL,"
    "  state TEXT NOT NULL,"
    "  version INTEGER NOT NULL,"
    "  attempt INTEGER NOT NULL,"
    "  waiting INTEGER NOT NULL,"
    "  due_ms INTEGER,"  // null once finished
    "  token_hash TEXT,"
    "  event_id TEXT NOT NULL,"
    "  input TEXT NOT NULL,"
    "  traceparent TEXT NOT NULL,"
    "  tracestate TEXT NOT NULL,"
    "  outcome TEXT,"
    "  finished_ms INTEGER"
    ") STRICT",
    "CREATE INDEX IF NOT EXISTS workflow_due ON workflow_executions (due_ms) WHERE due_ms IS NOT NULL",
    "CREATE UNIQUE INDEX IF NOT EXISTS workflow_tokens ON workflow_executions (token_hash)"
    " WHERE token_hash IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS workflow_finished ON workflow_executions (finished_ms)"
    " WHERE finished_ms IS NOT NULL"};

namespace {

using store::params;

#define LOADGEN_EXECUTION_COLUMNS \
    "id, workflow, state, version, attempt, waiting, due_ms, event_id, input, traceparent, tracestate"

telemetry::SpanContext read_trace(std::string_view traceparent, std::string_view state) {
    auto context = telemetry::parse_traceparent(traceparent);
    if (!context) return {};
    context->state = state;
    context->remote = false;  // it never left the service
    return *context;
}

ExecutionRow read_row(const store::Row& row) {
    return {.id = std::string(row.text(0)),
            .workflow = std::string(row.text(1)),
            .state = std::string(row.text(2)),
            .version = row.integer(3),
            .attempt = row.integer(4),
            .waiting = row.integer(5) != 0,
            .due_ms = row.integer(6),
            .event_id = std::string(row.text(7)),
            .input = std::string(row.text(8)),
            .trace = read_trace(row.text(9), row.text(10))};
}

std::optional<std::string_view> none_if_empty(std::string_view text) {
    return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

}  // namespace

Result<bool> insert_execution(store::Statements& tables, const ExecutionRow& row) {
    const std::string traceparent =
        row.trace.valid() ? telemetry::format_traceparent(row.trace) : std::string();
    return store::run_changed(tables,
                              "INSERT INTO workflow_executions (" LOADGEN_EXECUTION_COLUMNS
                              ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                              params(row.id, row.workflow, row.state, row.version, row.attempt, row.waiting,
                                     row.due_ms, row.event_id, row.input, traceparent, row.trace.state));
}

Result<std::optional<ExecutionRow>> find_execution(store::Statements& tables, std::string_view id) {
    return store::find_one(tables,
                           "SELECT " LOADGEN_EXECUTION_COLUMNS
                           " FROM workflow_executions WHERE id = ? AND due_ms IS NOT NULL",
                           params(id), read_row);
}

Result<std::optional<ExecutionRow>> find_waiting(store::Statements& tables, std::string_view token_hash) {
    return store::find_one(
        tables, "SELECT " LOADGEN_EXECUTION_COLUMNS " FROM workflow_executions WHERE token_hash = ?",
        params(token_hash), read_row);
}

Result<std::vector<ExecutionRow>> find_due(store::Statements& tables, std::int64_t now_ms,
                                           std::int64_t limit) {
    return store::find_all(tables,
                           "SELECT " LOADGEN_EXECUTION_COLUMNS
                           " FROM workflow_executions WHERE due_ms <= ? ORDER BY due_ms LIMIT ?",
                           params(now_ms, limit), read_row);
}

Result<std::optional<std::int64_t>> next_due(store::Statements& tables) {
    return store::find_one(
        tables, "SELECT due_ms FROM workflow_executions WHERE due_ms IS NOT NULL ORDER BY due_ms LIMIT 1",
        params(), [](const store::Row& row) { return row.integer(0); });
}

Result<void> update_execution(store::Statements& tables, const ExecutionRow& row,
                              std::string_view token_hash) {
    return tables.run(
        "UPDATE workflow_executions SET state = ?, version = version + 1, attempt = ?, waiting = ?, due_ms = "
        "?,"
        " token_hash = ? WHERE id = ?",
        params(row.state, row.attempt, row.waiting, row.due_ms, none_if_empty(token_hash), row.id));
}

Result<void> finish_execution(store::Statements& tables, std::string_view id, ExecutionEnd end,
                              std::int64_t now_ms) {
    return tables.run(
        "UPDATE workflow_executions SET version = version + 1, waiting = 0, due_ms = NULL, token_hash = NULL,"
        " outcome = ?, finished_ms = ? WHERE id = ?",
        params(end == ExecutionEnd::kSucceeded ? "succeeded" : "failed", now_ms, id));
}

Result<void> postpone_execution(store::Statements& tables, std::string_view id, std::int64_t due_ms) {
    return tables.run("UPDATE workflow_executions SET due_ms = ? WHERE id = ?", params(due_ms, id));
}

Result<std::int64_t> count_active(store::Statements& tables) {
    auto count = store::find_one(tables, "SELECT COUNT(*) FROM workflow_executions WHERE due_ms IS NOT NULL",
                                 params(), [](const store::Row& row) { return row.integer(0); });
    if (!count) return std::move(count).error();
    return count->value_or(0);
}

Result<bool> has_old_executions(store::Statements& tables, std::int64_t before_ms) {
    auto found =
        store::find_one(tables, "SELECT 1 FROM workflow_executions WHERE finished_ms < ? LIMIT 1",
                        params(before_ms), [](const store::Row& row) { return row.integer(0) != 0; });
    if (!found) return std::move(found).error();
    return found->has_value();
}

Result<std::int64_t> forget_executions(store::Statements& tables, std::int64_t before_ms) {
    auto done = tables.run(
        "DELETE FROM workflow_executions WHERE rowid IN (SELECT rowid FROM workflow_executions"
        " WHERE finished_ms < ? ORDER BY finished_ms LIMIT ?)",
        params(before_ms, kForgetBatch));
    if (!done) return std::move(done).error();
    return tables.changes();
}

#undef LOADGEN_EXECUTION_COLUMNS

}  // namespace loadgen::services::runtime
