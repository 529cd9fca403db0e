// What people are told.
#pragma once

#include <cstdint>
#include <string>

#include "common/base/time.hpp"

namespace loadgen::services::ninja::notification {

struct Notification {
    std::string id;        ///< of the event that it tells of: a channel may see one twice
    std::string order_id;  ///< empty when it is about no single order
    std::string subject;
    std::string message;  ///< lines of text
};

/// The words of an alarm: the slowest create of a minute, and where the alarm begins.
Notification slow_creates(std::string event_id, const std::string& period_start, std::int64_t maximum_ms,
                          std::int64_t threshold_ms);

inline constexpr int kMaxAttempts = 5;
/// From one attempt to the next: 1 s, 2 s, 4 s, 8 s. `attempt` counts from 1.
Nanos retry_wait(int attempt);

}  // namespace loadgen::services::ninja::notification
