// What becomes of an execution: every function here runs inside a transaction.
#include "services/runtime/workflow/workflow_engine.hpp"

#include <algorithm>
#include <cmath>
#include <future>

#include "common/base/uuid.hpp"
#include "services/runtime/workflow/workflow_token.hpp"

namespace loadgen::services::runtime {
namespace {

constexpr std::int64_t kNanosPerMilli = 1'000'000;
constexpr double kLongestRetryMs = 3600.0 * 1000;

std::int64_t milliseconds(Nanos duration) {
    return duration.count() / kNanosPerMilli;
}

}  // namespace

WorkflowEngine::WorkflowEngine(WorkflowParts parts)
    : parts_(parts),
      random_(parts.context.settings().random_seed != 0 ? parts.context.settings().random_seed
                                                        : entropy_seed()),
      active_(std::make_shared<std::atomic<std::int64_t>>(0)),
      started_(parts.context.meter().counter("workflow.started", "{execution}")),
      timeouts_(parts.context.meter().counter("workflow.timeouts", "{execution}")),
      retries_(parts.context.meter().counter("workflow.retries", "{step}")),
      failed_(parts.context.meter().counter("workflow.failed", "{execution}")),
      stranded_(parts.context.meter().counter("workflow.stranded", "{execution}")) {}

WorkflowEngine::~WorkflowEngine() = default;

WorkflowBuilder& WorkflowEngine::define(std::string_view name) {
    return definitions_[std::string(name)];
}

Result<void> WorkflowEngine::open() {
    for (const auto& [name, definition] : definitions_) {
        auto sound = definition.check();
        if (!sound) return with_context(name + ": ", std::move(sound).error());
    }
    std::promise<Result<void>> told;
    parts_.context.store().write(
        [](store::Statements& tables) -> Result<void> {
            for (const std::string_view script : kWorkflowSchema) {
                auto done = tables.run(script);
                if (!done) return done;
            }
            return {};
        },
        [&told](Result<void> outcome) { told.set_value(std::move(outcome)); });
    auto made = told.get_future().get();
    if (!made) return made;
    auto reader = parts_.context.store().open_reader();
    if (!reader) return std::move(reader).error();
    reader_ = std::move(*reader);
    if (definitions_.empty()) return {};
    parts_.context.meter().gauge("workflow.active", "{execution}",
                                 [active = active_] { return static_cast<double>(active->load()); });
    return {};
}

const WorkflowDefinition* WorkflowEngine::find(std::string_view workflow) const {
    const auto found = definitions_.find(workflow);
    return found == definitions_.end() ? nullptr : &found->second;
}

const WorkflowState* WorkflowEngine::find(std::string_view workflow, std::string_view state) const {
    const WorkflowDefinition* definition = find(workflow);
    return definition == nullptr ? nullptr : definition->find(state);
}

/// When a state that is entered now has to be looked at.
std::int64_t WorkflowEngine::due_of(const WorkflowState& state, std::int64_t now_ms) const {
    const auto* wait = std::get_if<WaitState>(&state);
    return wait == nullptr ? now_ms : now_ms + milliseconds(parts_.context.settings().scaled(wait->duration));
}

Result<void> WorkflowEngine::start(store::Statements& tables, WallTime now, std::string_view workflow,
                                   std::string_view id, std::string input,
                                   const telemetry::SpanContext& trace) {
    const WorkflowDefinition* definition = find(workflow);
    if (definition == nullptr) {
        return Error{ErrorCode::kInternal, "workflow: none is called " + std::string(workflow)};
    }
    const ExecutionRow row{.id = std::string(id),
                           .workflow = std::string(workflow),
                           .state = name_of(definition->first()),
                           .due_ms = due_of(definition->first(), now.unix_ns / kNanosPerMilli),
                           .event_id = new_uuid(),
                           .input = std::move(input),
                           .trace = trace};
    auto added = insert_execution(tables, row);
    if (!added) return std::move(added).error();
    if (*added) started_.add();
    return {};
}

Result<void> WorkflowEngine::go_to(store::Statements& tables, ExecutionRow row, const std::string& state,
                                   std::int64_t now_ms) {
    if (state.empty()) return finish_execution(tables, row.id, ExecutionEnd::kSucceeded, now_ms);
    const WorkflowState* next = find(row.workflow, state);
    if (next == nullptr) return Error{ErrorCode::kInternal, "workflow: no state is called " + state};
    row.state = state;
    row.attempt = 1;
    row.waiting = false;
    row.due_ms = due_of(*next, now_ms);
    return update_execution(tables, row, {});
}

Result<void> WorkflowEngine::go_or_fail(store::Statements& tables, ExecutionRow row, std::string_view state,
                                        std::int64_t now_ms) {
    if (!state.empty()) return go_to(tables, std::move(row), std::string(state), now_ms);
    failed_.add();
    parts_.context.logger().log(telemetry::LogLevel::kError, "a workflow failed for good",
                                {{"service", parts_.service},
                                 {"execution", std::string_view(row.id)},
                                 {"state", std::string_view(row.state)}});
    return finish_execution(tables, row.id, ExecutionEnd::kFailed, now_ms);
}

Result<TokenOutcome> WorkflowEngine::succeed_token(store::Statements& tables, WallTime now,
                                                   std::string_view token) {
    return answer_token(tables, now, token, true);
}

Result<TokenOutcome> WorkflowEngine::fail_token(store::Statements& tables, WallTime now,
                                                std::string_view token, std::string_view error_name) {
    auto outcome = answer_token(tables, now, token, false);
    if (outcome && *outcome == TokenOutcome::kAccepted) {
        parts_.context.logger().log(telemetry::LogLevel::kInfo,
                                    "a workflow's question was answered with a failure",
                                    {{"service", parts_.service}, {"error", error_name}});
    }
    return outcome;
}

Result<TokenOutcome> WorkflowEngine::answer_token(store::Statements& tables, WallTime now,
                                                  std::string_view token, bool success) {
    if (token.empty() || token.size() > kMaxTokenText) return TokenOutcome::kUnknown;
    auto row = find_waiting(tables, workflow_token_hash(token));
    if (!row) return std::move(row).error();
    const std::int64_t at_ms = now.unix_ns / kNanosPerMilli;
    if (!*row || (*row)->due_ms <= at_ms) return TokenOutcome::kUnknown;
    const WorkflowState* state = find((*row)->workflow, (*row)->state);
    const auto* asked = state == nullptr ? nullptr : std::get_if<TokenState>(state);
    // A process of another version asked. The answer must not be lost: it comes again, there or here.
    if (asked == nullptr) return Error{ErrorCode::kInternal, "workflow: no state is called " + (*row)->state};
    auto moved = success ? go_to(tables, std::move(**row), asked->next, at_ms)
                         : go_or_fail(tables, std::move(**row), asked->on_failure, at_ms);
    if (!moved) return std::move(moved).error();
    return TokenOutcome::kAccepted;
}

Result<void> WorkflowEngine::step(Transaction& transaction, const ExecutionRow& seen) {
    auto row = find_execution(transaction.tables(), seen.id);
    if (!row) return std::move(row).error();
    if (!*row || (*row)->version != seen.version) return {};  // an answer or another process was faster
    const WorkflowState* state = find(seen.workflow, seen.state);
    return state == nullptr ? strand(transaction, seen) : move_on(transaction, std::move(**row), *state);
}

/// A process of another version brought the execution here and may take it further; this one only must not be
/// held up by it.
Result<void> WorkflowEngine::strand(Transaction& transaction, const ExecutionRow& row) {
    stranded_.add();
    parts_.context.logger().log(telemetry::LogLevel::kError,
                                "a workflow is in a state that is not known here",
                                {{"service", parts_.service},
                                 {"execution", std::string_view(row.id)},
                                 {"state", std::string_view(row.state)}});
    return postpone_execution(transaction.tables(), row.id,
                              transaction.now_ms() + milliseconds(kStrandedRest));
}

Result<void> WorkflowEngine::move_on(Transaction& transaction, ExecutionRow row, const WorkflowState& state) {
    const std::int64_t now = transaction.now_ms();
    if (const auto* wait = std::get_if<WaitState>(&state))
        return go_to(transaction.tables(), std::move(row), wait->next, now);
    if (const auto* token = std::get_if<TokenState>(&state)) {
        if (!row.waiting) return ask(transaction, std::move(row), *token);
        timeouts_.add();
        return go_or_fail(transaction.tables(), std::move(row), token->on_timeout, now);
    }
    const auto& task = std::get<TaskState>(state);
    const Execution execution{.id = row.id,
                              .input = row.input,
                              .event_id = row.event_id,
                              .token = {},
                              .attempt = static_cast<int>(row.attempt)};
    auto done = task.run(transaction, execution);
    return done ? go_to(transaction.tables(), std::move(row), task.next, now) : done;
}

Result<void> WorkflowEngine::ask(Transaction& transaction, ExecutionRow row, const TokenState& state) {
    auto token = new_workflow_token();
    if (!token) return std::move(token).error();
    const Execution execution{.id = row.id,
                              .input = row.input,
                              .event_id = row.event_id,
                              .token = *token,
                              .attempt = static_cast<int>(row.attempt)};
    auto done = state.enter(transaction, execution);
    if (!done) return done;
    row.waiting = true;
    row.due_ms = transaction.now_ms() +
                 milliseconds(std::max(parts_.context.settings().scaled(state.timeout), kShortestTimeout));
    return update_execution(transaction.tables(), row, workflow_token_hash(*token));
}

/// The failed step left nothing behind; that it failed is a change of its own.
Result<void> WorkflowEngine::record_failure(Transaction& transaction, const ExecutionRow& seen) {
    auto row = find_execution(transaction.tables(), seen.id);
    if (!row) return std::move(row).error();
    if (!*row || (*row)->version != seen.version) return {};
    const WorkflowState* state = find(seen.workflow, seen.state);
    if (state == nullptr) return strand(transaction, seen);
    const RetryPolicy retry = retry_of(*state);
    const std::int64_t now = transaction.now_ms();
    if (seen.attempt >= retry.max_attempts)
        return go_or_fail(transaction.tables(), std::move(**row), after_last_try(*state), now);
    retries_.add();
    const double grown = static_cast<double>(milliseconds(retry.first)) *
                         std::pow(retry.factor, static_cast<double>(seen.attempt - 1));
    (*row)->attempt = seen.attempt + 1;
    (*row)->due_ms = now + static_cast<std::int64_t>(std::min(grown, kLongestRetryMs) * random_.uniform());
    return update_execution(transaction.tables(), **row, {});
}

}  // namespace loadgen::services::runtime
