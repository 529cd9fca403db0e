#include "services/ninja/notification/domain/notification.hpp"

namespace loadgen::services::ninja::notification {

Notification slow_creates(std::string event_id, const std::string& period_start, std::int64_t maximum_ms,
                          std::int64_t threshold_ms) {
    return {.id = std::move(event_id),
            .order_id = {},
            .subject = "Creating orders takes too long",
            .message = "Minute: " + period_start + "\nSlowest: " + std::to_string(maximum_ms) +
                       " ms\nThreshold: " + std::to_string(threshold_ms) + " ms"};
}

Nanos retry_wait(int attempt) {
    return std::chrono::seconds(std::int64_t{1} << (attempt - 1));
}

}  // namespace loadgen::services::ninja::notification
