// What the tests of workflows share: an engine on a real database, with a clock and a background loop that
// the test turns by hand, and that can be killed between any two steps.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>

#include "common/telemetry/recording_meter.hpp"
#include "services/runtime/store_transaction.hpp"
#include "services/runtime/workflow/workflow_engine.hpp"
#include "tests/unit/services_store/scratch.hpp"

namespace loadgen::services::runtime::test {

using store::test::ScratchFolder;

/// Survives the processes that read it.
class ManualClock final : public Clock {
  public:
    explicit ManualClock(std::int64_t start_ns = 1'700'000'000'000'000'000) : ns_(start_ns) {}
    Instant now() const override { return Instant(Nanos(ns_.load())); }
    WallTime wall_now() const override { return {ns_.load()}; }
    std::int64_t now_ms() const { return ns_.load() / 1'000'000; }
    void advance(Nanos by) { ns_ += by.count(); }

  private:
    std::atomic<std::int64_t> ns_;
};

class KeptSpans final : public telemetry::SpanProcessor {
  public:
    void on_end(std::unique_ptr<telemetry::SpanData> span) override {
        const std::lock_guard lock(mutex_);
        spans_.push_back(std::move(*span));
    }
    std::vector<telemetry::SpanData> named(std::string_view name) const;

  private:
    mutable std::mutex mutex_;
    std::vector<telemetry::SpanData> spans_;
};

class KeptLog final : public telemetry::LogSink {
  public:
    void write_line(std::string_view line) override {
        const std::lock_guard lock(mutex_);
        text_ += line;
    }
    std::string text() const {
        const std::lock_guard lock(mutex_);
        return text_;
    }

  private:
    mutable std::mutex mutex_;
    std::string text_;
};

/// When the process dies, counted in transactions of the engine.
struct Death {
    enum class Moment { kBeforeCommit, kAfterCommit };
    std::size_t at = 0;  ///< 1 is the first; 0: never
    Moment moment = Moment::kBeforeCommit;
};

/// One process of a service that has workflows. Test thread only, like `settle`, which is its loop.
class Process final : public ServiceContext {
  public:
    Process(const std::string& database, ManualClock& clock, Settings settings = {});
    ~Process() override;

    /// After the definitions.
    void open();
    WorkflowEngine& engine() { return *engine_; }
    /// Runs what is due until nothing moves any more, or the process is dead.
    void settle();
    /// Lets time pass as the host does: timers, and a sweep each second.
    void pass(Nanos time);

    /// One transaction, as a request makes it.
    Result<void> change(const std::function<Result<void>(Transaction&)>& work,
                        const telemetry::SpanContext& parent = {});
    Result<void> start(std::string_view workflow, const std::string& id,
                       const telemetry::SpanContext& parent = {});
    TokenOutcome answer(const std::string& token, bool success = true);

    void die(Death death) { death_ = death; }
    bool dead() const { return dead_.load(); }
    /// The store refuses the engine's next transactions before they begin.
    void fail_store(std::size_t times) { store_failures_ = times; }
    std::size_t most_open() const { return most_open_; }

    // What is in the database.
    std::vector<std::string> column(const std::string& sql);
    std::string one(const std::string& sql);
    double metric(std::string_view name);

    KeptSpans spans;
    KeptLog log;

    const Settings& settings() const override { return settings_; }
    const Clock& clock() const override { return clock_; }
    const telemetry::Logger& logger() const override { return logger_; }
    const telemetry::Tracer& tracer() const override { return tracer_; }
    telemetry::Meter& meter() const override { return meter_; }
    store::Store& store() const override { return *store_; }
    bool draining() const override { return false; }
    // Workflows need none of these.
    Peers& peers() const override { std::abort(); }
    const platform::auth::TokenKeys& tokens() const override { std::abort(); }
    platform::auth::PasswordPool& passwords() const override { std::abort(); }
    void transact(const platform::CallPtr&, StoreOperation, Work) override { std::abort(); }
    void transact(std::string_view span_name, const telemetry::SpanContext& parent,
                  std::function<Result<void>(Transaction&)> work,
                  std::function<void(Result<void>)> done) override;
    void after(Nanos wait, std::function<void()> task) override;

  private:
    bool dies_before_commit();
    void transaction_over(Result<void> outcome, const std::function<void(Result<void>)>& done);

    ManualClock& clock_;
    const Settings settings_;
    const telemetry::Logger logger_{log, telemetry::LogLevel::kInfo, clock_};
    const telemetry::Tracer tracer_{&spans, 0, 1.0, clock_};
    mutable telemetry::RecordingMeter meter_;
    TransactionParts parts_{clock_, 1, nullptr};
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<store::Statements> reader_;
    std::unique_ptr<WorkflowEngine> engine_;

    Death death_;
    std::atomic<bool> dead_{false};
    std::atomic<std::size_t> began_{0};
    std::atomic<std::size_t> committed_{0};
    std::atomic<std::size_t> store_failures_{0};
    std::mutex mutex_;
    std::condition_variable moved_;
    std::multimap<Instant, std::function<void()>> tasks_;  // guarded by mutex_
    std::size_t underway_ = 0;                             // guarded by mutex_: not yet told
    std::size_t open_ = 0;                                 // guarded by mutex_: transactions
    std::size_t most_open_ = 0;                            // guarded by mutex_
};

/// The workflow of an order, with effects in a table that would show anything done twice.
inline constexpr std::string_view kOrderLike = "OrderLike";
inline constexpr Nanos kAnswerTime = std::chrono::seconds(60);
void define_order_like(Workflows& workflows, StepFunction confirm = nullptr);
/// Notes an effect of the execution: (execution, what, event id, token, attempt).
Result<void> note(Transaction& transaction, const Execution& execution, std::string_view what);
/// The effects of an execution in order: "asked confirmed".
std::string effects_of(Process& process, const std::string& id);
std::string last_token(Process& process, const std::string& id);

}  // namespace loadgen::services::runtime::test
