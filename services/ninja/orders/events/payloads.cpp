#include "services/ninja/orders/events/payloads.hpp"

#include "common/telemetry/logger.hpp"
#include "common/text/json_writer.hpp"

namespace loadgen::services::ninja::orders {
namespace {

constexpr std::int64_t kNanosPerMilli = 1'000'000;

}  // namespace

std::string order_created(const Order& order) {
    std::string data;
    text::JsonWriter out(data);
    out.begin_object().key("orderId").string(order.id).key("customerName").string(order.customer_name);
    out.key("orderItemCount").integer(order.item_count);
    out.key("subject").string(subject_of(order)).key("message").string(message_of(order)).end_object();
    return data;
}

std::string order_create_delayed(const SlowPeriod& period) {
    std::string start;
    telemetry::append_rfc3339(start, WallTime{period.start_ms * kNanosPerMilli});
    std::string data;
    text::JsonWriter out(data);
    out.begin_object().key("maximumMs").integer(period.maximum.count() / kNanosPerMilli);
    out.key("thresholdMs").integer(period.threshold_ms).key("periodStart").string(start).end_object();
    return data;
}

}  // namespace loadgen::services::ninja::orders
