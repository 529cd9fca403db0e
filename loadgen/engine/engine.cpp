#include "loadgen/engine/engine.hpp"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "common/base/random.hpp"
#include "common/io/tls.hpp"
#include "loadgen/engine/shared_run.hpp"
#include "loadgen/engine/worker.hpp"

namespace loadgen::engine {
namespace {

constexpr Nanos kWatchInterval{100'000'000};
// The workers are given a moment to get ready before the schedule begins.
constexpr Nanos kStartDelay{20'000'000};

unsigned available_cores() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0) return std::max(1U, std::thread::hardware_concurrency());
    return std::max(1U, static_cast<unsigned>(CPU_COUNT(&set)));
}

/// Wall clock against monotonic clock: the difference must stay put.
class ClockWatch {
  public:
    ClockWatch() : reference_(difference()) {}
    void look() {
        const Nanos step(std::abs(difference() - reference_));
        largest_ = std::max(largest_, step);
    }
    Nanos largest() const { return largest_; }

  private:
    static std::int64_t difference() {
        const Clock& clock = system_clock();
        return clock.wall_now().unix_ns - clock.now().time_since_epoch().count();
    }

    std::int64_t reference_;
    Nanos largest_{0};
};

class Run {
  public:
    Run(const plan::RunPlan& plan, ResultSink* sink, RunObserver* observer, const RunControl& control,
        const ProcessorFactory& processors)
        : plan_(plan),
          shared_(plan, worker_count(plan)),
          observer_(observer),
          control_(control),
          processors_(processors) {
        if (plan.capture.results && sink != nullptr) {
            sink_ = sink;
            pipe_ = std::make_unique<ResultPipe>(*sink, shared_.endpoints, plan.name, shared_.workers);
            shared_.results = pipe_.get();
        }
    }

    Result<RunResult> execute() {
        if (auto ready = prepare(); !ready) return std::move(ready).error();
        if (sink_ != nullptr) {
            if (auto begun = sink_->begin(); !begun) return std::move(begun).error();
        }
        const Clock& clock = system_clock();
        const Instant now = clock.now();
        start_wall_ = {clock.wall_now().unix_ns + kStartDelay.count()};
        shared_.start = now + kStartDelay;
        shared_.start_wall = start_wall_;
        if (plan_.traceparent) shared_.trace_salt = entropy_seed();
        if (pipe_) pipe_->start(shared_.start, start_wall_);
        std::this_thread::sleep_for(kStartDelay);
        for (const auto& worker : workers_) worker->start();
        watch();
        for (const auto& worker : workers_) worker->join();
        return collect();
    }

  private:
    Result<void> prepare() {
        if (plan_.requests) shared_.compile_known_requests();
        if (names_tls_files()) {
            // Loaded once here, so that a bad file is told before anything is sent.
            auto tls = io::TlsClientContext::create(tls_options(plan_.connections));
            if (!tls) return std::move(tls).error();
        }
        for (unsigned index = 0; index < shared_.workers; ++index) {
            workers_.push_back(std::make_unique<Worker>(shared_, index, processors_));
            if (auto ready = workers_.back()->prepare(); !ready) return std::move(ready).error();
        }
        return {};
    }

    bool names_tls_files() const {
        const plan::TlsPolicy& tls = plan_.connections.tls;
        return !tls.ca_files.empty() || !tls.certificate_file.empty() || !tls.key_file.empty();
    }

    /// Shows progress and passes stop requests on until all workers have ended.
    void watch() {
        int seen = 0;
        while (!all_ended()) {
            std::this_thread::sleep_for(kWatchInterval / 4);
            clocks_.look();
            // Results that nobody can read any more are no reason to load a server.
            const int broken = pipe_ && pipe_->broken() ? 1 : 0;
            const int requests = std::min(2, std::max(broken, control_.stop_requests()));
            for (; seen < requests; ++seen) pass_stop(seen == 0);
            const Instant now = system_clock().now();
            if (observer_ == nullptr || now < next_look_) continue;
            next_look_ = now + kWatchInterval;
            observer_->on_progress(progress(now));
        }
    }

    bool all_ended() const {
        return std::all_of(shared_.live.begin(), shared_.live.end(),
                           [](const auto& live) { return live->ended.load(std::memory_order_acquire); });
    }

    void pass_stop(bool gently) {
        stopping_ = true;
        for (const auto& worker : workers_) gently ? worker->stop_arrivals() : worker->abandon();
    }

    Progress progress(Instant now) const {
        Progress sum;
        sum.elapsed = std::max(Nanos(0), now - shared_.start);
        if (plan_.load.schedule && counts_requests(sum.elapsed)) {
            sum.rate_asked = plan_.load.schedule->rate_at(sum.elapsed);
        }
        if (plan_.scenario) sum.users = shared_.users.active.load(std::memory_order_relaxed);
        for (const auto& live : shared_.live) {
            sum.issued += live->issued.load(std::memory_order_relaxed);
            sum.completed += live->completed.load(std::memory_order_relaxed);
            sum.failed += live->failed.load(std::memory_order_relaxed);
            sum.in_flight += live->in_flight.load(std::memory_order_relaxed);
            sum.connections += live->connections.load(std::memory_order_relaxed);
            sum.p50 = std::max(sum.p50, Nanos(live->p50_ns.load(std::memory_order_relaxed)));
            sum.p99 = std::max(sum.p99, Nanos(live->p99_ns.load(std::memory_order_relaxed)));
        }
        sum.draining = stopping_;
        return sum;
    }

    /// Whether the rate asked for is one of requests, and not of users that arrive.
    bool counts_requests(Nanos offset) const {
        if (!plan_.scenario) return true;
        const auto& phases = plan_.scenario->phases;
        const auto index = plan_.load.phase_index_at(offset);
        return index && *index < phases.size() && phases[*index].per_request;
    }

    RunResult collect() {
        RunResult result;
        result.start = shared_.start;
        result.start_wall = start_wall_;
        result.threads = shared_.workers;
        result.elapsed = std::max(Nanos(0), system_clock().now() - shared_.start);
        std::vector<WorkerHealth> healths;
        for (unsigned index = 0; index < shared_.workers; ++index) {
            result.statistics.merge(workers_[index]->statistics());
            healths.push_back(workers_[index]->health());
            result.cpu += healths.back().cpu;
            result.issued += shared_.live[index]->issued.load(std::memory_order_relaxed);
        }
        for (std::uint32_t index = 0; index < shared_.endpoints.size(); ++index) {
            result.endpoints.push_back(shared_.endpoints.name(index));
        }
        for (std::uint32_t index = 0; index < shared_.groups.size(); ++index) {
            result.groups.push_back(shared_.groups.name(index));
        }
        if (plan_.scenario) result.users = collect_users();
        result.source_error = shared_.source_error();
        result.interrupted = stopping_;
        if (plan_.scenario) {
            for (const plan::Journey& journey : plan_.scenario->journeys)
                result.scenarios.push_back(journey.name);
        }
        if (pipe_) {
            if (auto stored = pipe_->finish(); !stored) result.result_error = std::move(stored).error();
        }
        result.findings = grade({.plan = plan_,
                                 .statistics = result.statistics,
                                 .workers = healths,
                                 .issued = result.issued,
                                 .dropped_results = pipe_ ? pipe_->dropped() : 0,
                                 .results = sink_ != nullptr ? sink_->name() : "",
                                 .largest_clock_step = clocks_.largest(),
                                 .interrupted = result.interrupted});
        return result;
    }

    std::unique_ptr<UserResult> collect_users() const {
        auto users = std::make_unique<UserResult>(stats::MetricBook(plan_.scenario->stats_interval));
        for (const auto& worker : workers_) {
            users->book.merge(worker->user_book());
            if (!worker->last_values().empty()) users->last_values = worker->last_values();
        }
        users->created = shared_.users.created.load();
        users->completed = shared_.users.completed.load();
        users->failed = shared_.users.failed.load();
        users->out_of_data = shared_.users.out_of_data.load();
        return users;
    }

    const plan::RunPlan& plan_;
    SharedRun shared_;
    ResultSink* sink_ = nullptr;
    std::unique_ptr<ResultPipe> pipe_;
    RunObserver* observer_;
    const RunControl& control_;
    const ProcessorFactory& processors_;
    std::vector<std::unique_ptr<Worker>> workers_;
    WallTime start_wall_;
    ClockWatch clocks_;
    Instant next_look_ = Instant::min();
    bool stopping_ = false;
};

}  // namespace

bool RunResult::valid() const {
    return std::none_of(findings.begin(), findings.end(),
                        [](const Finding& finding) { return finding.invalid; });
}

unsigned worker_count(const plan::RunPlan& plan) {
    std::uint64_t count = plan.threads != 0 ? plan.threads : available_cores();
    const auto at_most = [&count](std::uint64_t limit) {
        if (limit != 0) count = std::min(count, limit);
    };
    at_most(plan.connections.max_connections);
    at_most(plan.max_in_flight);
    if (plan.closed_loop) at_most(plan.closed_loop->concurrency);
    return static_cast<unsigned>(std::max<std::uint64_t>(1, count));
}

Result<RunResult> run(const plan::RunPlan& plan, ResultSink* sink, RunObserver* observer,
                      const RunControl& control, const ProcessorFactory& processors) {
    return Run(plan, sink, observer, control, processors).execute();
}

}  // namespace loadgen::engine
