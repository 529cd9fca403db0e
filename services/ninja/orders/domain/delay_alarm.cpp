#include "services/ninja/orders/domain/delay_alarm.hpp"

#include <algorithm>

namespace loadgen::services::ninja::orders {
namespace {

/// Start of the minute; the clock stands after 1970.
std::int64_t minute_of(std::int64_t now_ms) {
    return now_ms - now_ms % kAlarmPeriodMs;
}

}  // namespace

void DelayAlarm::record(std::int64_t now_ms, Nanos latency) {
    std::int64_t minute = minute_of(now_ms);
    if (judged_) minute = std::max(minute, *judged_ + kAlarmPeriodMs);
    Nanos& slowest = slowest_[minute];
    slowest = std::max(slowest, latency);
}

std::vector<SlowPeriod> DelayAlarm::judge(std::int64_t now_ms, std::int64_t threshold_ms) {
    std::vector<SlowPeriod> alarms;
    const std::int64_t present = minute_of(now_ms);
    while (!slowest_.empty() && slowest_.begin()->first < present) {
        const auto [minute, maximum] = *slowest_.begin();
        slowest_.erase(slowest_.begin());
        if (judged_ && *judged_ + kAlarmPeriodMs < minute) raised_ = false;  // a minute without creates
        const bool slow = maximum >= std::chrono::milliseconds(threshold_ms);
        if (slow && !raised_) alarms.push_back({minute, maximum, threshold_ms});
        raised_ = slow;
        judged_ = minute;
    }
    const std::int64_t last_over = present - kAlarmPeriodMs;
    if (judged_ && *judged_ < last_over) {
        raised_ = false;
        judged_ = last_over;
    }
    return alarms;
}

}  // namespace loadgen::services::ninja::orders
