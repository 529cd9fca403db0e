#include "services/runtime/workflow_engine.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <future>

#include "common/base/encoding.hpp"
#include "common/base/uuid.hpp"

namespace loadgen::services::runtime {
namespace {

constexpr std::int64_t kNanosPerMilli = 1'000'000;
constexpr std::int64_t kBatch = 64;
constexpr std::int64_t kSoonMs = 1000;  // what is due later is found by the host's sweep
constexpr std::size_t kTokenBytes = 16;
constexpr std::size_t kMaxTokenText = 64;

std::int64_t milliseconds(Nanos duration) {
    return duration.count() / kNanosPerMilli;
}

Result<std::string> new_token() {
    std::array<unsigned char, kTokenBytes> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        return Error{ErrorCode::kIo, "workflow: the system has no random bytes"};
    }
    return to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

/// What the table keeps of a token, so that a copy of the database answers nobody's question.
std::string hash_of(std::string_view token) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(token.data(), token.size(), digest.data(), &size, EVP_sha256(), nullptr);
    return to_hex({reinterpret_cast<const char*>(digest.data()), size});
}

template <typename... Visitors>
struct Overloaded : Visitors... {
    using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

}  // namespace

class WorkflowEngine::Definition final : public WorkflowBuilder {
  public:
    void add(WaitState state) override { states_.emplace_back(std::move(state)); }
    void add(TaskState state) override { states_.emplace_back(std::move(state)); }
    void add(TokenState state) override { states_.emplace_back(std::move(state)); }

    const State* first() const { return states_.empty() ? nullptr : &states_.front(); }
    const State* find(std::string_view name) const {
        for (const State& state : states_) {
            if (name_of(state) == name) return &state;
        }
        return nullptr;
    }
    static const std::string& name_of(const State& state) {
        return std::visit([](const auto& kind) -> const std::string& { return kind.name; }, state);
    }

  private:
    std::vector<State> states_;
};

WorkflowEngine::WorkflowEngine(WorkflowParts parts)
    : parts_(parts),
      random_(entropy_seed()),
      started_(parts.context.meter().counter("workflow.started", "{execution}")),
      timeouts_(parts.context.meter().counter("workflow.timeouts", "{execution}")),
      failed_(parts.context.meter().counter("workflow.failed", "{execution}")) {}

WorkflowEngine::~WorkflowEngine() = default;

WorkflowBuilder& WorkflowEngine::define(std::string_view name) {
    auto& definition = definitions_[std::string(name)];
    definition = std::make_unique<Definition>();
    return *definition;
}

Result<void> WorkflowEngine::open() {
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
    return {};
}

const WorkflowEngine::Definition* WorkflowEngine::find(std::string_view workflow) const {
    const auto found = definitions_.find(workflow);
    return found == definitions_.end() ? nullptr : found->second.get();
}

std::int64_t WorkflowEngine::now_ms() const {
    return parts_.context.clock().wall_now().unix_ns / kNanosPerMilli;
}

Result<void> WorkflowEngine::start(store::Statements& tables, WallTime now, std::string_view workflow,
                                   std::string_view id, std::string input,
                                   const telemetry::SpanContext& trace) {
    const Definition* definition = find(workflow);
    if (definition == nullptr || definition->first() == nullptr) {
        return Error{ErrorCode::kInternal, "workflow: none is called " + std::string(workflow)};
    }
    ExecutionRow row{.id = std::string(id),
                     .workflow = std::string(workflow),
                     .state = Definition::name_of(*definition->first()),
                     .due_ms = now.unix_ns / kNanosPerMilli,
                     .event_id = new_uuid(),
                     .input = std::move(input),
                     .trace = trace};
    if (const auto* wait = std::get_if<WaitState>(definition->first()))
        row.due_ms += milliseconds(parts_.context.settings().scaled(wait->duration));
    auto added = insert_execution(tables, row);
    if (!added) return std::move(added).error();
    if (*added) started_.add();
    return {};
}

Result<void> WorkflowEngine::move_to(store::Statements& tables, ExecutionRow row, const std::string& state,
                                     std::int64_t now_ms) {
    if (state.empty()) return finish_execution(tables, row.id, ExecutionEnd::kSucceeded, now_ms);
    const Definition* definition = find(row.workflow);
    const State* next = definition == nullptr ? nullptr : definition->find(state);
    if (next == nullptr) return Error{ErrorCode::kInternal, "workflow: no state is called " + state};
    row.state = state;
    row.attempt = 1;
    row.waiting = false;
    row.due_ms = now_ms;
    if (const auto* wait = std::get_if<WaitState>(next))
        row.due_ms += milliseconds(parts_.context.settings().scaled(wait->duration));
    return update_execution(tables, row, {});
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
    auto row = find_waiting(tables, hash_of(token));
    if (!row) return std::move(row).error();
    const std::int64_t at_ms = now.unix_ns / kNanosPerMilli;
    if (!*row || !(*row)->waiting || (*row)->due_ms <= at_ms) return TokenOutcome::kUnknown;
    const Definition* definition = find((*row)->workflow);
    const State* state = definition == nullptr ? nullptr : definition->find((*row)->state);
    const auto* waits = state == nullptr ? nullptr : std::get_if<TokenState>(state);
    if (waits == nullptr) return TokenOutcome::kUnknown;
    auto moved = move_to(tables, std::move(**row), success ? waits->next : waits->on_failure, at_ms);
    if (!moved) return std::move(moved).error();
    return TokenOutcome::kAccepted;
}

void WorkflowEngine::wake() {
    if (definitions_.empty()) return;
    int activity = activity_.load();
    for (;;) {
        if (activity == kWoken || activity == kBusyAndWoken) return;
        const int next = activity == kIdle ? kWoken : kBusyAndWoken;
        if (activity_.compare_exchange_weak(activity, next)) break;
    }
    if (activity == kIdle) parts_.context.after(Nanos{0}, [this] { run_due(); });
}

void WorkflowEngine::run_due() {
    activity_ = kBusy;
    auto due = find_due(*reader_, now_ms(), kBatch);
    if (!due) {
        parts_.context.logger().log(
            telemetry::LogLevel::kError, "workflow: cannot read what is due",
            {{"service", parts_.service}, {"error", std::string_view(due.error().message)}});
        return batch_over(false);
    }
    if (due->empty()) return batch_over(false);
    steps_left_ = due->size();
    for (const ExecutionRow& row : *due) run_step(row);
}

void WorkflowEngine::run_step(const ExecutionRow& seen) {
    const std::string name = seen.workflow + ' ' + seen.state;
    parts_.context.transact(
        name, seen.trace,
        [this, seen](Transaction& transaction) {
            transaction.span().set("workflow.name", seen.workflow);
            transaction.span().set("workflow.execution.id", seen.id);
            return step(transaction, seen);
        },
        [this, seen](Result<void> outcome) {
            if (outcome) return step_over();
            step_failed(seen, outcome.error());
        });
}

Result<void> WorkflowEngine::step(Transaction& transaction, const ExecutionRow& seen) {
    auto row = find_execution(transaction.tables(), seen.id);
    if (!row) return std::move(row).error();
    if (!*row || (*row)->version != seen.version) return {};  // a reply or another process was faster
    const Definition* definition = find(seen.workflow);
    const State* state = definition == nullptr ? nullptr : definition->find(seen.state);
    if (state == nullptr) return Error{ErrorCode::kInternal, "workflow: no state is called " + seen.state};
    const std::int64_t now = transaction.now_ms();
    const auto wait = [&](const WaitState& kind) {
        return move_to(transaction.tables(), **row, kind.next, now);
    };
    const auto task = [&](const TaskState& kind) {
        const Execution execution{.id = seen.id,
                                  .input = seen.input,
                                  .event_id = seen.event_id,
                                  .token = {},
                                  .attempt = static_cast<int>(seen.attempt)};
        auto done = kind.run(transaction, execution);
        return done ? move_to(transaction.tables(), **row, kind.next, now) : done;
    };
    const auto token = [&](const TokenState& kind) {
        if (!seen.waiting) return enter_token_state(transaction, **row, kind);
        timeouts_.add();
        return move_to(transaction.tables(), **row, kind.on_timeout, now);
    };
    return std::visit(Overloaded{wait, task, token}, *state);
}

Result<void> WorkflowEngine::enter_token_state(Transaction& transaction, ExecutionRow row,
                                               const TokenState& state) {
    auto token = new_token();
    if (!token) return std::move(token).error();
    const Execution execution{
        .id = row.id, .input = row.input, .event_id = row.event_id, .token = *token, .attempt = 1};
    auto done = state.enter(transaction, execution);
    if (!done) return done;
    row.waiting = true;
    row.due_ms = transaction.now_ms() + milliseconds(parts_.context.settings().scaled(state.timeout));
    return update_execution(transaction.tables(), row, hash_of(*token));
}

void WorkflowEngine::step_failed(const ExecutionRow& seen, const Error& error) {
    parts_.context.logger().log(telemetry::LogLevel::kWarn, "a workflow's step failed",
                                {{"service", parts_.service},
                                 {"execution", std::string_view(seen.id)},
                                 {"state", std::string_view(seen.state)},
                                 {"attempt", seen.attempt},
                                 {"error", std::string_view(error.message)}});
    // The failed step left nothing behind; that it failed is a change of its own. When even that can't be
    // written, the execution is still due and comes again.
    parts_.context.transact(
        seen.workflow + " failure", seen.trace,
        [this, seen](Transaction& transaction) { return record_failure(transaction, seen); },
        [this](Result<void> /*outcome*/) { step_over(); });
}

Result<void> WorkflowEngine::record_failure(Transaction& transaction, const ExecutionRow& seen) {
    auto row = find_execution(transaction.tables(), seen.id);
    if (!row) return std::move(row).error();
    if (!*row || (*row)->version != seen.version) return {};
    const Definition* definition = find(seen.workflow);
    const State* state = definition == nullptr ? nullptr : definition->find(seen.state);
    const auto* task = state == nullptr ? nullptr : std::get_if<TaskState>(state);
    const RetryPolicy retry = task == nullptr ? RetryPolicy{.max_attempts = 3} : task->retry;
    if (seen.attempt < retry.max_attempts) {
        const double longest =
            static_cast<double>(milliseconds(retry.first)) * std::pow(retry.factor, seen.attempt - 1);
        (*row)->attempt = seen.attempt + 1;
        (*row)->due_ms = transaction.now_ms() + static_cast<std::int64_t>(longest * random_.uniform());
        return update_execution(transaction.tables(), **row, {});
    }
    if (task != nullptr && !task->on_error.empty())
        return move_to(transaction.tables(), **row, task->on_error, transaction.now_ms());
    failed_.add();
    parts_.context.logger().log(telemetry::LogLevel::kError, "a workflow failed for good",
                                {{"service", parts_.service},
                                 {"execution", std::string_view(seen.id)},
                                 {"state", std::string_view(seen.state)}});
    return finish_execution(transaction.tables(), seen.id, ExecutionEnd::kFailed, transaction.now_ms());
}

void WorkflowEngine::step_over() {
    if (--steps_left_ > 0) return;
    parts_.context.after(Nanos{0}, [this] { batch_over(true); });
}

void WorkflowEngine::batch_over(bool more) {
    int activity = kBusy;
    if (!more && activity_.compare_exchange_strong(activity, kIdle)) return sleep_until_due();
    activity_ = kWoken;
    run_due();
}

void WorkflowEngine::sleep_until_due() {
    const auto due = next_due(*reader_);
    if (!due || !*due) return;
    const std::int64_t wait_ms = std::max<std::int64_t>(**due - now_ms(), 1);
    if (wait_ms > kSoonMs) return;
    parts_.context.after(std::chrono::milliseconds(wait_ms), [this] { wake(); });
}

}  // namespace loadgen::services::runtime
