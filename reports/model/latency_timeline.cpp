#include "reports/model/latency_timeline.hpp"

namespace loadgen::reports {

void LatencyTimeline::add(WallTime timestamp, Nanos latency) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    if (!base_) base_ = WallTime{(timestamp.unix_ns / kSecond - kLead) * kSecond};
    series_.record(Nanos(timestamp.unix_ns - base_->unix_ns), latency);
}

std::size_t LatencyTimeline::first_used() const {
    std::size_t first = 0;
    while (first < series_.size() && series_.at(first).count() == 0) ++first;
    return first;
}

std::optional<WallTime> LatencyTimeline::start() const {
    if (!base_) return std::nullopt;
    return WallTime{base_->unix_ns + static_cast<std::int64_t>(first_used()) * series_.step().count()};
}

void LatencyTimeline::for_each(const std::function<void(const stats::LogInterval&)>& use) const {
    for (std::size_t i = first_used(); i < series_.size(); ++i) {
        stats::LogInterval interval;
        interval.start = {base_->unix_ns + static_cast<std::int64_t>(i) * series_.step().count()};
        interval.length = series_.step();
        interval.histogram = series_.at(i);
        use(interval);
    }
}

}  // namespace loadgen::reports
