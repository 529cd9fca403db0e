#include "tests/unit/services_workflow/support.hpp"

#include "services/runtime/messaging/outbox.hpp"
#include "services/store/query.hpp"

namespace loadgen::services::runtime::test {
namespace {

constexpr std::array<std::string_view, 1> kEffects = {
    "CREATE TABLE effects (n INTEGER PRIMARY KEY, execution TEXT, what TEXT, event_id TEXT, token TEXT,"
    " attempt INTEGER) STRICT"};

}  // namespace

std::vector<telemetry::SpanData> KeptSpans::named(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    std::vector<telemetry::SpanData> found;
    for (const telemetry::SpanData& span : spans_) {
        if (span.name == name) found.push_back(span);
    }
    return found;
}

Process::Process(const std::string& database, ManualClock& clock, Settings settings)
    : clock_(clock), settings_(std::move(settings)) {
    store::StoreOptions options = store::test::options_at(database);
    options.timeout = std::chrono::minutes(1);  // a busy disk is no part of these tests
    auto opened = store::open_sqlite_store(options, kEffects);
    EXPECT_TRUE(opened.has_value());
    store_ = std::move(*opened);
    const auto made = store::test::write(*store_, [](store::Statements& tables) {
                          return tables.run(kOutboxSchema);
                      }).get();
    EXPECT_TRUE(made.has_value());
    reader_ = std::move(*store_->open_reader());
    engine_ = std::make_unique<WorkflowEngine>(WorkflowParts{.service = "tests", .context = *this});
    parts_.workflows = engine_.get();
}

Process::~Process() {
    dead_ = true;
    store_.reset();
}

void Process::open() {
    const auto opened = engine_->open();
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    engine_->wake();
}

void Process::after(Nanos wait, std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    if (dead_) return;
    tasks_.emplace(clock_.now() + wait, std::move(task));
    moved_.notify_all();
}

void Process::settle() {
    std::unique_lock lock(mutex_);
    while (!dead_) {
        const auto next = tasks_.begin();
        if (next != tasks_.end() && next->first <= clock_.now()) {
            const auto task = std::move(next->second);
            tasks_.erase(next);
            lock.unlock();
            task();
            lock.lock();
        } else if (underway_ > 0) {
            moved_.wait(lock);
        } else {
            return;
        }
    }
}

void Process::pass(Nanos time) {
    constexpr Nanos kSweep = std::chrono::seconds(1);
    settle();
    while (time.count() > 0 && !dead_) {
        const Nanos step = std::min(time, kSweep);
        clock_.advance(step);
        time -= step;
        if (step == kSweep) engine_->wake();
        settle();
    }
}

bool Process::dies_before_commit() {
    if (++began_ == death_.at && death_.moment == Death::Moment::kBeforeCommit) dead_ = true;
    return dead_;
}

void Process::transact(std::string_view span_name, const telemetry::SpanContext& parent,
                       std::function<Result<void>(Transaction&)> work,
                       std::function<void(Result<void>)> done) {
    {
        const std::lock_guard lock(mutex_);
        ++underway_;
        most_open_ = std::max(most_open_, ++open_);
    }
    if (store_failures_ > 0) {
        --store_failures_;
        return transaction_over(Error{ErrorCode::kLimit, "the store is busy"}, done);
    }
    struct Underway {
        telemetry::Span span;
        StoreTransaction::Effects effects;
    };
    auto own = std::make_shared<Underway>();
    own->span = tracer_.start({.name = span_name, .parent = &parent});
    store_->write(
        [this, own, work = std::move(work)](store::Statements& tables) -> Result<void> {
            StoreTransaction transaction(parts_, tables, own->span, own->span.context(), nullptr,
                                         own->effects);
            auto outcome = work(transaction);
            if (dies_before_commit()) return Error{ErrorCode::kIo, "killed"};
            return outcome;
        },
        [this, own, done = std::move(done)](Result<void> outcome) {
            own->span.end();
            transaction_over(std::move(outcome), done);
        });
}

void Process::transaction_over(Result<void> outcome, const std::function<void(Result<void>)>& done) {
    if (outcome && ++committed_ == death_.at && death_.moment == Death::Moment::kAfterCommit) dead_ = true;
    {
        const std::lock_guard lock(mutex_);
        --open_;
    }
    if (!dead_) done(std::move(outcome));
    const std::lock_guard lock(mutex_);
    --underway_;
    moved_.notify_all();
}

Result<void> Process::change(const std::function<Result<void>(Transaction&)>& work,
                             const telemetry::SpanContext& parent) {
    telemetry::Span span = tracer_.start({.name = "request", .parent = &parent});
    StoreTransaction::Effects effects;
    auto outcome = store::test::write(*store_, [&](store::Statements& tables) {
                       StoreTransaction transaction(parts_, tables, span, span.context(), nullptr, effects);
                       return work(transaction);
                   }).get();
    if (outcome && effects.workflows) engine_->wake();
    return outcome;
}

Result<void> Process::start(std::string_view workflow, const std::string& id,
                            const telemetry::SpanContext& parent) {
    return change(
        [&](Transaction& transaction) {
            return transaction.start_workflow(workflow, id, R"({"id":")" + id + "\"}");
        },
        parent);
}

TokenOutcome Process::answer(const std::string& token, bool success) {
    TokenOutcome outcome = TokenOutcome::kUnknown;
    const auto done = change([&](Transaction& transaction) -> Result<void> {
        auto told = success ? transaction.succeed_token(token)
                            : transaction.fail_token(token, "Stock.ReservationFailed");
        if (!told) return std::move(told).error();
        outcome = *told;
        return {};
    });
    EXPECT_TRUE(done.has_value());
    return outcome;
}

std::vector<std::string> Process::column(const std::string& sql) {
    auto all =
        store::find_all(*reader_, sql, {}, [](const store::Row& row) { return std::string(row.text(0)); });
    EXPECT_TRUE(all.has_value()) << sql;
    return all ? std::move(*all) : std::vector<std::string>();
}

std::string Process::one(const std::string& sql) {
    const auto all = column(sql);
    EXPECT_EQ(all.size(), 1U) << sql;
    return all.empty() ? std::string() : all.front();
}

double Process::metric(std::string_view name) {
    double sum = 0;
    for (const telemetry::Metric& family : meter_.collect().metrics) {
        if (family.name != name) continue;
        for (const telemetry::MetricPoint& point : family.points)
            sum += point.value + static_cast<double>(point.count);
    }
    return sum;
}

Result<void> note(Transaction& transaction, const Execution& execution, std::string_view what) {
    return transaction.tables().run(
        "INSERT INTO effects (execution, what, event_id, token, attempt) VALUES (?, ?, ?, ?, ?)",
        store::params(execution.id, what, execution.event_id, execution.token, execution.attempt));
}

void define_order_like(Workflows& workflows, StepFunction confirm) {
    const auto noting = [](std::string what) {
        return [what = std::move(what)](Transaction& transaction, const Execution& execution) {
            return note(transaction, execution, what);
        };
    };
    if (!confirm) confirm = noting("confirmed");
    const RetryPolicy retry = {.max_attempts = 4, .first = std::chrono::seconds(1), .factor = 2};
    WorkflowBuilder& workflow = workflows.define(kOrderLike);
    workflow.add(TokenState{.name = "Ask",
                            .enter = noting("asked"),
                            .timeout = kAnswerTime,
                            .next = "Confirm",
                            .on_timeout = "Ask Again",
                            .on_failure = "No Stock"});
    workflow.add(TokenState{.name = "Ask Again",
                            .enter = noting("asked-again"),
                            .timeout = kAnswerTime,
                            .next = "Confirm",
                            .on_timeout = "No Stock",
                            .on_failure = "No Stock"});
    workflow.add(TaskState{
        .name = "Confirm", .run = std::move(confirm), .next = {}, .retry = retry, .on_error = "Failed"});
    workflow.add(TaskState{.name = "No Stock", .run = noting("no-stock"), .next = {}});
    workflow.add(TaskState{.name = "Failed", .run = noting("failed"), .next = {}});
}

std::string effects_of(Process& process, const std::string& id) {
    std::string all;
    for (const std::string& what :
         process.column("SELECT what FROM effects WHERE execution = '" + id + "' ORDER BY n")) {
        if (!all.empty()) all += ' ';
        all += what;
    }
    return all;
}

std::string last_token(Process& process, const std::string& id) {
    return process.one("SELECT token FROM effects WHERE execution = '" + id + "' AND token <> '' ORDER BY n" +
                       " DESC LIMIT 1");
}

}  // namespace loadgen::services::runtime::test
