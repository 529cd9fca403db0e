// The table of notifications. Kept for a day.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "services/ninja/notification/domain/notification.hpp"
#include "services/store/expiry.hpp"

namespace loadgen::services::ninja::notification {

std::span<const std::string_view> migrations();

/// One try to send, and the right to make it until its lease ends.
struct Attempt {
    Notification notification;
    int number = 1;
};
/// How a try ended.
struct Ended {
    std::string id;
    int number = 1;
    bool sent = false;
};
/// What is shown of a notification.
struct Progress {
    Notification notification;
    int attempts = 0;
    std::optional<std::int64_t> sent_ms;
};

inline constexpr std::int64_t kLeaseMs = 30'000;

/// Nothing happens when the id is there.
Result<void> add_notification(store::Statements& tables, const Notification& notification,
                              std::int64_t now_ms);
Result<bool> has_due(store::Statements& tables, std::int64_t now_ms);
/// The earliest that are due, each with its next attempt. Writing thread.
Result<std::vector<Attempt>> lease_due(store::Statements& tables, std::int64_t now_ms, std::int64_t limit);
/// Sent for good, due again after retry_wait, or given up after the last attempt. What came too late, behind
/// another attempt, changes nothing unless it tells of success.
Result<void> write_ended(store::Statements& tables, const std::vector<Ended>& ended, std::int64_t now_ms);
Result<std::vector<Progress>> list_of_order(store::Statements& tables, std::string_view order_id);
/// For the sweep of those that are older than a day.
store::ExpiringTable notifications_table();

}  // namespace loadgen::services::ninja::notification
