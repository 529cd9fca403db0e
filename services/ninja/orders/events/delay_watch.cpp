#include "services/ninja/orders/events/delay_watch.hpp"

#include "common/base/uuid.hpp"
#include "services/ninja/orders/events/payloads.hpp"

namespace loadgen::services::ninja::orders {
namespace {

constexpr Nanos kRetry = std::chrono::seconds(1);

}  // namespace

void DelayWatch::record(Nanos latency) {
    const std::lock_guard<std::mutex> lock(mutex_);
    alarm_.record(now_ms(), latency);
}

void DelayWatch::judge() {
    const std::int64_t threshold = threshold_ms();
    std::vector<SlowPeriod> alarms;
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        alarms = alarm_.judge(now_ms(), threshold);
    }
    for (const SlowPeriod& period : alarms) {
        const std::string data = order_create_delayed(period);
        context_.logger().log(telemetry::LogLevel::kWarn, "creating orders takes too long",
                              {{"alarm", std::string_view(data)}});
        publish(new_uuid(), data);
    }
}

std::int64_t DelayWatch::threshold_ms() {
    // The last usable one stays in force: the alarm must not depend on a document that broke since.
    if (const auto configuration = source_.current())
        threshold_ms_ = (*configuration)->delayed_order_create_ms;
    return threshold_ms_;
}

void DelayWatch::publish(const std::string& id, const std::string& data) {
    // A slow store is what the alarm is about, so it tries until it is through: with one id, so that it
    // counts once.
    context_.transact(
        "alarm delayed-order-create", {},
        [id, data](runtime::Transaction& transaction) {
            return transaction.publish({.type = "ninja.orderCreateDelayed.v1", .data = data, .id = id});
        },
        [this, id, data](Result<void> outcome) {
            if (!outcome) context_.after(kRetry, [this, id, data] { publish(id, data); });
        });
}

}  // namespace loadgen::services::ninja::orders
