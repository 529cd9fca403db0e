// Hands notifications to the channel.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "services/ninja/notification/events/channel.hpp"
#include "services/ninja/notification/store/notifications.hpp"
#include "services/runtime/service.hpp"

namespace loadgen::services::ninja::notification {

/// Notifications are rows, so one that was taken over from an event survives a kill. Each attempt is a lease
/// on its row: two processes do not send at once, and what a killed one had in hand is sent again when its
/// lease is over. `run` belongs to the background loop: everything that touches the store starts there,
/// because that loop ends before the store does.
class Sender {
  public:
    /// `context` outlives it.
    Sender(runtime::ServiceContext& context, std::unique_ptr<Channel> channel);

    /// Writes down how the last attempts ended and begins those that are due.
    void run();

  private:
    void settle();
    void take_due();
    void send_all(const std::vector<Attempt>& attempts);
    void send(const Attempt& attempt);
    void ended(const Attempt& attempt, const Result<void>& outcome);
    bool anything_due();
    std::int64_t now_ms() const { return context_.clock().wall_now().unix_ns / 1'000'000; }

    runtime::ServiceContext& context_;
    telemetry::Counter& sent_;
    telemetry::Counter& failed_;
    telemetry::Counter& dropped_;
    std::unique_ptr<store::Statements> reader_;  // background loop
    std::atomic<bool> taking_{false};
    std::mutex mutex_;
    std::vector<Ended> ended_;                // guarded by mutex_
    const std::unique_ptr<Channel> channel_;  // last: its destructor may still tell of attempts
};

}  // namespace loadgen::services::ninja::notification
