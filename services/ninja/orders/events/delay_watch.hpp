// Measures how long creating orders takes and tells when it is too long.
#pragma once

#include <memory>
#include <mutex>

#include "services/ninja/orders/domain/delay_alarm.hpp"
#include "services/ninja/shared/configuration_source.hpp"
#include "services/runtime/service.hpp"

namespace loadgen::services::ninja::orders {

/// What the present minute has shown is lost with the process; the next one starts without data, which is
/// fine by the alarm's rule. Everything given outlives it. Thread-safe.
class DelayWatch {
  public:
    DelayWatch(runtime::ServiceContext& context, ConfigurationSource& source)
        : context_(context), source_(source) {}

    void record(Nanos latency);
    /// Publishes the alarms of the minutes that are over. Background loop, every second.
    void judge();

  private:
    void publish(const std::string& id, const std::string& data);
    std::int64_t threshold_ms();
    std::int64_t now_ms() const { return context_.clock().wall_now().unix_ns / 1'000'000; }

    runtime::ServiceContext& context_;
    ConfigurationSource& source_;
    std::mutex mutex_;
    DelayAlarm alarm_;                                  // guarded by mutex_
    std::int64_t threshold_ms_ = kUsualDelayedOrderMs;  // background loop
};

}  // namespace loadgen::services::ninja::orders
