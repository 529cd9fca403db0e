#include "services/ninja/notification/events/consumers.hpp"

#include "services/contracts/payload.hpp"
#include "services/ninja/notification/store/notifications.hpp"

namespace loadgen::services::ninja::notification {
namespace {

using contracts::Event;
using runtime::Transaction;

Result<void> tell_of_order(Transaction& transaction, const Event& event) {
    contracts::Payload payload(event.data);
    const Notification notification{.id = event.id,
                                    .order_id = payload.text("orderId"),
                                    .subject = payload.text("subject"),
                                    .message = payload.text("message")};
    if (!payload.ok()) return payload.error();
    transaction.span().set("order.id", notification.order_id);
    return add_notification(transaction.tables(), notification, transaction.now_ms());
}

Result<void> tell_of_delay(Transaction& transaction, const Event& event) {
    contracts::Payload payload(event.data);
    const Notification notification = slow_creates(
        event.id, payload.text("periodStart"), payload.integer("maximumMs"), payload.integer("thresholdMs"));
    if (!payload.ok()) return payload.error();
    return add_notification(transaction.tables(), notification, transaction.now_ms());
}

}  // namespace

void add_consumers(runtime::Consumers& consumers) {
    consumers.on({.queue = "NinjaNotification-OrderCreatedQueue", .types = {"ninja.orderCreated.v1"}},
                 tell_of_order);
    consumers.on({.queue = "NinjaNotification-OrderDelayedQueue", .types = {"ninja.orderCreateDelayed.v1"}},
                 tell_of_delay);
}

}  // namespace loadgen::services::ninja::notification
