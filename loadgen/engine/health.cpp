#include "loadgen/engine/health.hpp"

#include <algorithm>
#include <cstdio>

#include "common/base/duration_text.hpp"
#include "loadgen/engine/results/statistics.hpp"
#include "loadgen/engine/worker.hpp"

namespace loadgen::engine {
namespace {

std::string percent(double share) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f %%", share * 100);
    return text;
}

std::uint64_t count_cause(const Statistics& statistics, Cause cause) {
    std::uint64_t total = 0;
    for (const auto& endpoint : statistics.endpoints()) {
        if (endpoint) total += endpoint->causes[static_cast<std::size_t>(cause)];
    }
    return total;
}

stats::Histogram send_delays(const Statistics& statistics) {
    stats::Histogram all;
    for (const auto& endpoint : statistics.endpoints()) {
        if (!endpoint) continue;
        all.merge(endpoint->succeeded.send_delay);
        all.merge(endpoint->failed.send_delay);
    }
    return all;
}

class Grader {
  public:
    explicit Grader(const HealthInputs& inputs) : in_(inputs) {}

    std::vector<Finding> run() {
        const bool open_model = !in_.plan.closed_loop;
        if (open_model) check_schedule();
        check_held_back();
        check_unsent();
        check_cpu(open_model);
        check_exhaustion(
            Cause::kPorts, "ports", "local ports ran out (EADDRNOTAVAIL)",
            "use keep-alive, more source addresses (-laddr a,b,c), or a wider ip_local_port_range");
        check_exhaustion(Cause::kDescriptors, "descriptors", "file descriptors ran out (EMFILE)",
                         "raise `ulimit -n` or cap the connections (-max-connections)");
        if (in_.dropped_results > 0) {
            invalid("results", std::to_string(in_.dropped_results) + " records are missing from " +
                                   in_.results + ", which took them too slowly");
        }
        if (in_.largest_clock_step >= limits::kClockStep) {
            invalid("clock-step", "the wall clock jumped by " + display_duration(in_.largest_clock_step) +
                                      " during the run; timestamps do not line up with other logs");
        }
        return std::move(findings_);
    }

  private:
    void invalid(std::string name, std::string text) {
        findings_.push_back({true, std::move(name), std::move(text)});
    }
    void warn(std::string name, std::string text) {
        findings_.push_back({false, std::move(name), std::move(text)});
    }

    void check_schedule() {
        if (held_back() > 0) return;  // a cap made them wait; check_held_back tells
        check_late("timer-lag", "requests were taken up late", in_.statistics.timer_lag(),
                   limits::kTimerLagP99);
        if (in_.plan.connections.max_connections != 0) return;
        check_late("send-delay", "requests were sent late", send_delays(in_.statistics),
                   limits::kSendDelayP99);
    }

    void check_late(const char* name, const char* what, const stats::Histogram& delays, Nanos limit) {
        const Nanos p99 = delays.value_at(0.99);
        if (p99 <= limit) return;
        const std::uint64_t late = delays.count() - delays.count_at_or_below(limit);
        const std::string text = std::string(what) + ": p99 " + display_duration(p99) + ", limit " +
                                 display_duration(limit) + " (" + std::to_string(late) + " requests)";
        if (late >= limits::kFewestLate) {
            invalid(name, text);
        } else {
            warn(name, text);
        }
    }

    std::uint64_t held_back() const {
        std::uint64_t times = 0;
        for (const WorkerHealth& worker : in_.workers) times += worker.held_back;
        return times;
    }

    void check_held_back() {
        const std::uint64_t times = held_back();
        if (times == 0) return;
        const std::string cap = in_.plan.max_in_flight != 0
                                    ? "the cap of " + std::to_string(in_.plan.max_in_flight) +
                                          " requests in flight (-max-workers)"
                                    : "the engine's own bound on requests in flight";
        warn("held-back", cap + " held due requests back " + std::to_string(times) +
                              " times; the wait counts as send delay and response time");
    }

    void check_unsent() {
        std::uint64_t never_issued = 0;
        for (const WorkerHealth& worker : in_.workers) never_issued += worker.unsent;
        const std::uint64_t unsent = never_issued + count_cause(in_.statistics, Cause::kUnsent);
        if (unsent == 0) return;
        const double share = static_cast<double>(unsent) / static_cast<double>(in_.issued + never_issued);
        const std::string text =
            std::to_string(unsent) + " requests (" + percent(share) + ") were due and never sent";
        if (in_.interrupted || 1 - share >= limits::kAchievedShare) {
            warn("unsent", text);
        } else {
            invalid("unsent", text + "; limit " + percent(1 - limits::kAchievedShare));
        }
    }

    void check_cpu(bool open_model) {
        if (in_.plan.pace == plan::Pace::kSpin) return;  // busy on purpose
        double busiest = 0;
        for (const WorkerHealth& worker : in_.workers) busiest = std::max(busiest, worker.busiest_cpu);
        if (busiest < limits::kBusyCpu) return;
        const std::string text = "a generator thread used " + percent(busiest) + " of its core, limit " +
                                 percent(limits::kBusyCpu);
        const bool late = in_.statistics.timer_lag().value_at(0.99) > limits::kTimerLagP99 / 10;
        if (open_model && late) {
            invalid("cpu", text + "; its own queueing is in the latencies");
        } else {
            warn("cpu", text + (open_model ? "" : ": the rate is the generator's limit, not the server's"));
        }
    }

    void check_exhaustion(Cause cause, const char* name, const char* what, const char* advice) {
        const std::uint64_t count = count_cause(in_.statistics, cause);
        if (count == 0) return;
        invalid(name, std::string(what) + " for " + std::to_string(count) + " requests; " + advice);
    }

    const HealthInputs& in_;
    std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> grade(const HealthInputs& inputs) {
    return Grader(inputs).run();
}

}  // namespace loadgen::engine
