// Which execution is next, and when.
#include <algorithm>

#include "services/runtime/workflow/workflow_engine.hpp"

namespace loadgen::services::runtime {
namespace {

constexpr std::int64_t kNanosPerMilli = 1'000'000;
constexpr std::int64_t kSoonMs = 1000;  // what is due later is found by the host's sweep
constexpr Nanos kUpkeepInterval = std::chrono::seconds(10);

}  // namespace

std::int64_t WorkflowEngine::now_ms() const {
    return parts_.context.clock().wall_now().unix_ns / kNanosPerMilli;
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
    keep_up();
    auto due = find_due(*reader_, now_ms(), kStepsAtOnce);
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
    // Atomic: the store may give up waiting for a change that still runs.
    auto refused = std::make_shared<std::atomic<bool>>(false);
    parts_.context.transact(
        name, seen.trace,
        [this, seen, refused](Transaction& transaction) {
            transaction.span().set("workflow.name", seen.workflow);
            transaction.span().set("workflow.execution.id", seen.id);
            auto done = step(transaction, seen);
            *refused = !done;
            return done;
        },
        [this, seen, refused](Result<void> outcome) {
            if (outcome) return step_over();
            if (refused->load()) return step_failed(seen, outcome.error());
            store_failed(outcome.error());
        });
}

void WorkflowEngine::step_failed(const ExecutionRow& seen, const Error& error) {
    parts_.context.logger().log(telemetry::LogLevel::kWarn, "a workflow's step failed",
                                {{"service", parts_.service},
                                 {"execution", std::string_view(seen.id)},
                                 {"state", std::string_view(seen.state)},
                                 {"attempt", seen.attempt},
                                 {"error", std::string_view(error.message)}});
    parts_.context.transact(
        seen.workflow + " failure", seen.trace,
        [this, seen](Transaction& transaction) { return record_failure(transaction, seen); },
        [this](Result<void> outcome) {
            if (outcome) return step_over();
            store_failed(outcome.error());
        });
}

/// No attempt of the step: it is still due and comes again when the store has rested.
void WorkflowEngine::store_failed(const Error& error) {
    if (!store_failed_.exchange(true)) {
        parts_.context.logger().log(
            telemetry::LogLevel::kError, "workflow: the store failed",
            {{"service", parts_.service}, {"error", std::string_view(error.message)}});
    }
    step_over();
}

void WorkflowEngine::step_over() {
    if (--steps_left_ > 0) return;
    parts_.context.after(Nanos{0}, [this] { batch_over(true); });
}

void WorkflowEngine::batch_over(bool more) {
    if (store_failed_.exchange(false)) {
        activity_ = kWoken;
        return parts_.context.after(kStoreRest, [this] { run_due(); });
    }
    int activity = kBusy;
    if (!more && activity_.compare_exchange_strong(activity, kIdle)) return sleep_until_due();
    activity_ = kWoken;
    run_due();
}

/// One timer at most: each wake comes through here, and each would leave another.
void WorkflowEngine::sleep_until_due() {
    const auto due = next_due(*reader_);
    if (!due || !*due) return;
    const std::int64_t wait_ms = std::max<std::int64_t>(**due - now_ms(), 1);
    if (wait_ms > kSoonMs) return;
    const Nanos wait = std::chrono::milliseconds(wait_ms);
    const Instant at = parts_.context.clock().now() + wait;
    if (timer_ && *timer_ <= at) return;
    timer_ = at;
    parts_.context.after(wait, [this, at] {
        if (timer_ == at) timer_.reset();
        wake();
    });
}

void WorkflowEngine::keep_up() {
    const Instant now = parts_.context.clock().now();
    if (next_upkeep_ && now < *next_upkeep_) return;
    next_upkeep_ = now + kUpkeepInterval;
    if (const auto count = count_active(*reader_)) *active_ = *count;
    const auto old = has_old_executions(*reader_, now_ms() - kExecutionsKept.count() / kNanosPerMilli);
    if (old && *old) forget_ended();
}

void WorkflowEngine::forget_ended() {
    const std::int64_t before_ms = now_ms() - kExecutionsKept.count() / kNanosPerMilli;
    auto more = std::make_shared<std::atomic<bool>>(false);
    parts_.context.store().write(
        [before_ms, more](store::Statements& tables) -> Result<void> {
            auto dropped = forget_executions(tables, before_ms);
            if (!dropped) return std::move(dropped).error();
            *more = *dropped == kForgetBatch;
            return {};
        },
        [this, more](Result<void> outcome) {
            if (outcome && more->load()) parts_.context.after(Nanos{0}, [this] { forget_ended(); });
        });
}

}  // namespace loadgen::services::runtime
