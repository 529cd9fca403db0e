// When creating orders takes too long.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "common/base/time.hpp"

namespace loadgen::services::ninja::orders {

inline constexpr std::int64_t kAlarmPeriodMs = 60'000;

/// The slowest create of a minute that was too slow.
struct SlowPeriod {
    std::int64_t start_ms = 0;  ///< since 1970; a whole minute
    Nanos maximum{0};
    std::int64_t threshold_ms = 0;
};

/// Looks at whole minutes of the wall clock: one whose slowest create reaches the threshold raises the alarm,
/// a better one and one without creates end it. Only raising is told, so that one bad hour is one alarm. A
/// clock that steps back puts what follows into the first minute that is not judged yet. Not thread-safe;
/// holds one number a minute that `judge` has not seen.
class DelayAlarm {
  public:
    void record(std::int64_t now_ms, Nanos latency);
    /// Judges the minutes that are over, oldest first; the alarms that they raised.
    std::vector<SlowPeriod> judge(std::int64_t now_ms, std::int64_t threshold_ms);
    bool raised() const { return raised_; }

  private:
    std::map<std::int64_t, Nanos> slowest_;  // by start of the minute
    std::optional<std::int64_t> judged_;     // the last minute that was
    bool raised_ = false;
};

}  // namespace loadgen::services::ninja::orders
