#include "services/runtime/faults/faults.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <vector>

#include "common/base/random.hpp"
#include "services/runtime/faults/fault_rules.hpp"
#include "services/runtime/faults/trace_defects.hpp"

namespace loadgen::services::runtime {
namespace {

using telemetry::LogLevel;

constexpr int kTooMany = 429;
constexpr double kNsPerSecond = 1e9;

/// What tells one state of the file from another without reading it.
struct FileMark {
    std::int64_t modified_ns = 0;
    off_t size = -1;  // -1: no file
    ino_t inode = 0;
    friend bool operator==(const FileMark&, const FileMark&) = default;
};

FileMark mark_of(const std::string& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) return {};
    return {facts.st_mtim.tv_sec * 1'000'000'000 + facts.st_mtim.tv_nsec, facts.st_size, facts.st_ino};
}

/// A rule and its throttle: a token bucket that holds one second's worth (at least one).
struct ActiveRule {
    FaultRule rule;
    double tokens = 1;
    Instant filled{};

    /// Takes a token; how long until it is there. `may_wait` false: takes none that is not there yet.
    Nanos take(Instant now, bool may_wait) {
        const double per_ns = rule.max_per_second / kNsPerSecond;
        tokens = std::min(std::max(1.0, rule.max_per_second),
                          tokens + static_cast<double>((now - filled).count()) * per_ns);
        filled = now;
        const double missing = 1 - tokens;
        if (missing > 0 && !may_wait) return Nanos(static_cast<std::int64_t>(missing / per_ns));
        tokens -= 1;
        return Nanos(static_cast<std::int64_t>(std::max(0.0, missing) / per_ns));
    }
};

class WatchedFaults final : public Faults {
  public:
    WatchedFaults(std::string folder, std::uint64_t seed, const telemetry::Logger* logger)
        : folder_(std::move(folder)), logger_(logger), random_(seed != 0 ? seed : entropy_seed()) {
        refresh();
    }

    bool active() const override { return active_.load(std::memory_order_relaxed); }

    Fault for_route(std::string_view service, std::string_view route) override {
        return decide(true, [&](const FaultRule& rule) { return rule.matches_route(service, route); });
    }
    Fault for_consumer(std::string_view service, std::string_view queue) override {
        return decide(false, [&](const FaultRule& rule) { return rule.matches_consumer(service, queue); });
    }
    std::optional<TraceDefect> trace_defect(std::string_view service, DefectPlace place) override;
    void refresh() override;

  private:
    template <typename Matches>
    Fault decide(bool for_route, Matches matches);
    void add(Fault& fault, ActiveRule& active, bool for_route, Instant now);
    void use(std::vector<FaultRule> rules);
    void tell(const std::vector<FaultRule>& rules) const;

    const std::string folder_;
    const telemetry::Logger* const logger_;
    std::atomic<bool> active_{false};
    std::mutex mutex_;
    Random random_;                  // guarded by mutex_
    std::vector<ActiveRule> rules_;  // guarded by mutex_
    FileMark mark_;                  // of the thread that refreshes
};

template <typename Matches>
Fault WatchedFaults::decide(bool for_route, Matches matches) {
    Fault fault;
    if (!active()) return fault;
    const Instant now = system_clock().now();
    const std::lock_guard<std::mutex> lock(mutex_);
    for (ActiveRule& active : rules_) {
        if (matches(active.rule) && random_.uniform() < active.rule.share) add(fault, active, for_route, now);
    }
    return fault;
}

void WatchedFaults::add(Fault& fault, ActiveRule& active, bool for_route, Instant now) {
    const FaultRule& rule = active.rule;
    if (rule.max_per_second > 0) {
        const Nanos wait = active.take(now, !for_route);
        if (!for_route) {
            fault.delay += wait;
        } else if (wait.count() > 0 && fault.error_status == 0) {
            fault.error_status = rule.error_status != 0 ? rule.error_status : kTooMany;
        }
        fault.delay += rule.delay;
        // With a throttle, the error is what those get who are too many.
        return;
    }
    fault.delay += rule.delay;
    if (fault.error_status == 0) fault.error_status = rule.error_status;
    fault.drop = fault.drop || rule.drop;
    fault.duplicate = fault.duplicate || rule.duplicate;
}

std::optional<TraceDefect> WatchedFaults::trace_defect(std::string_view service, DefectPlace place) {
    if (!active()) return std::nullopt;
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const ActiveRule& active : rules_) {
        const FaultRule& rule = active.rule;
        if (rule.defect.empty() || (rule.service != "*" && rule.service != service)) continue;
        for (const TraceDefectRow& row : trace_defects_named(rule.defect)) {
            if (row.place == place && random_.uniform() < rule.share) return row.defect;
        }
    }
    return std::nullopt;
}

void WatchedFaults::refresh() {
    const FileMark mark = mark_of(faults_path(folder_));
    if (mark == mark_) return;
    mark_ = mark;
    auto rules = read_fault_file(folder_);
    if (rules) {
        use(std::move(*rules));
    } else if (logger_ != nullptr) {
        logger_->log(LogLevel::kError,
                     "FAULTS ON PURPOSE: the file is no good, the switches stay as they were",
                     {{"error", rules.error().message}});
    }
}

void WatchedFaults::use(std::vector<FaultRule> rules) {
    const bool was_active = active();
    std::vector<ActiveRule> active;
    const Instant now = system_clock().now();
    for (const FaultRule& rule : rules) {
        active.push_back({.rule = rule, .tokens = std::max(1.0, rule.max_per_second), .filled = now});
    }
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        rules_ = std::move(active);
    }
    active_ = !rules.empty();
    if (was_active || !rules.empty()) tell(rules);
}

void WatchedFaults::tell(const std::vector<FaultRule>& rules) const {
    if (logger_ == nullptr) return;
    if (rules.empty()) {
        logger_->log(LogLevel::kWarn, "FAULTS ON PURPOSE are switched off");
        return;
    }
    std::string all;
    for (const FaultRule& rule : rules) all += (all.empty() ? "" : "; ") + describe(rule);
    logger_->log(LogLevel::kWarn, "FAULTS ON PURPOSE are switched on",
                 {{"count", static_cast<std::int64_t>(rules.size())}, {"faults", all}});
}

}  // namespace

std::unique_ptr<Faults> watch_faults(const std::string& folder, std::uint64_t random_seed,
                                     const telemetry::Logger* logger) {
    return std::make_unique<WatchedFaults>(folder, random_seed, logger);
}

}  // namespace loadgen::services::runtime
