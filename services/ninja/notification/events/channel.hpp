// How notifications reach people. One implementation a medium.
#pragma once

#include <functional>
#include <string_view>

#include "common/base/result.hpp"
#include "common/telemetry/logger.hpp"
#include "services/ninja/notification/domain/notification.hpp"

namespace loadgen::services::ninja::notification {

class Channel {
  public:
    virtual ~Channel() = default;
    virtual std::string_view name() const = 0;
    /// Runs on the background loop and must not wait. `sent` is told exactly once, from any thread, and not
    /// after the channel's destructor: success is for good, an error is tried again.
    virtual void send(const Notification& notification, std::function<void(Result<void>)> sent) = 0;
};

/// Writes notifications to the log of the process, at level info. The logger outlives it.
class LogChannel final : public Channel {
  public:
    explicit LogChannel(const telemetry::Logger& logger) : logger_(logger) {}
    std::string_view name() const override { return "log"; }
    void send(const Notification& notification, std::function<void(Result<void>)> sent) override;

  private:
    const telemetry::Logger& logger_;
};

}  // namespace loadgen::services::ninja::notification
