#include "reports/model/plot_data.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace loadgen::reports {
namespace {

// Files can hold any 64-bit number; half the range keeps every difference and sum of two representable.
constexpr std::int64_t kFarthest = std::int64_t{1} << 61;

std::int64_t time_of(const runlog::Record& record) {
    return std::clamp(record.timestamp.unix_ns, -kFarthest, kFarthest);
}

Nanos latency_of(const runlog::Record& record) {
    return Nanos(std::clamp<std::int64_t>(record.latency.count(), 0, kFarthest));
}

}  // namespace

struct PlotBuilder::Attack {
    Attack(std::string name, std::size_t ok_points) : ok(ok_points) { data.name = std::move(name); }

    PlotAttack data;
    PointThinner ok;
    std::int64_t first_ns = std::numeric_limits<std::int64_t>::max();
    std::int64_t last_ns = std::numeric_limits<std::int64_t>::min();
    std::int64_t end_ns = std::numeric_limits<std::int64_t>::min();
};

PlotBuilder::PlotBuilder(PlotLimits limits) : limits_(limits), failures_(limits.exact_failures) {}
PlotBuilder::PlotBuilder(PlotBuilder&&) noexcept = default;
PlotBuilder& PlotBuilder::operator=(PlotBuilder&&) noexcept = default;
PlotBuilder::~PlotBuilder() = default;

std::size_t PlotBuilder::attack_of(const std::string& name) {
    const auto found = index_.find(name);
    if (found != index_.end()) return found->second;
    if (attacks_.size() == kAttackLimit) {
        attacks_merged_ = true;
        attacks_.back()->data.name = "(further attacks)";
        return kAttackLimit - 1;
    }
    attacks_.push_back(std::make_unique<Attack>(name, limits_.ok_points));
    index_.emplace(name, attacks_.size() - 1);
    return attacks_.size() - 1;
}

void PlotBuilder::add(const runlog::Record& record) {
    const std::size_t index = attack_of(record.attack);
    Attack& attack = *attacks_[index];
    PlotAttack& data = attack.data;
    if (record.detail && record.detail->warm_up) {
        ++data.warm_up;
        return;
    }
    const std::int64_t time = time_of(record);
    const Nanos latency = latency_of(record);
    const bool failed = is_failure(record);

    ++data.requests;
    attack.first_ns = std::min(attack.first_ns, time);
    attack.last_ns = std::max(attack.last_ns, time);
    attack.end_ns = std::max(attack.end_ns, time + latency.count());
    data.response.record(latency);
    if (record.detail) {
        data.has_detail = true;
        data.service.record(std::max(record.service_time(), Nanos(0)));
        data.send_delay.record(std::max(record.detail->send_delay, Nanos(0)));
    }
    intervals_.add(index, time, latency, failed, failed ? failure_group(record) : 0);
    if (!failed) return attack.ok.add({time, latency.count()});
    ++data.failures;
    failures_.add(index, time, record);
}

PlotData PlotBuilder::finish() {
    PlotData result;
    result.attacks_merged = attacks_merged_;
    intervals_.settle();
    result.interval = intervals_.width();
    for (std::size_t i = 0; i < attacks_.size(); ++i) {
        Attack& attack = *attacks_[i];
        PlotAttack& data = attack.data;
        if (data.requests > 0) {
            data.first_due = WallTime{attack.first_ns};
            data.last_due = Nanos(attack.last_ns - attack.first_ns);
            data.end = Nanos(attack.end_ns - attack.first_ns);
            data.ok = attack.ok.points();
            for (PlotPoint& point : data.ok) point.time_ns -= attack.first_ns;
            data.ok_thinned = attack.ok.thinned();
            const std::int64_t gap = (attack.last_ns - attack.first_ns) /
                                     std::max<std::int64_t>(static_cast<std::int64_t>(data.requests) - 1, 1);
            data.intervals = intervals_.intervals(i, {attack.first_ns, attack.last_ns + gap, attack.end_ns});
        }
        result.attacks.push_back(std::move(data));
    }
    result.failure_kinds = failures_.kinds();
    for (FailureKind& kind : result.failure_kinds) {
        kind.first_ns -= attacks_[kind.attack]->first_ns;
        kind.last_ns -= attacks_[kind.attack]->first_ns;
    }
    result.failures = failures_.points();
    result.failure_cell = failures_.cell();
    const auto attack_index = [&](const FailurePoint& point) {
        return result.failure_kinds[point.kind].attack;
    };
    for (FailurePoint& point : result.failures) {
        point.time_ns = std::max<std::int64_t>(point.time_ns - attacks_[attack_index(point)]->first_ns, 0);
    }
    std::stable_sort(result.failures.begin(), result.failures.end(), [&](const auto& a, const auto& b) {
        return std::pair(attack_index(a), a.time_ns) < std::pair(attack_index(b), b.time_ns);
    });
    return result;
}

}  // namespace loadgen::reports
