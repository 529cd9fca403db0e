#include "services/users/events/handlers.hpp"

#include "services/users/events/payloads.hpp"
#include "services/users/store/users.hpp"

namespace loadgen::services::users {
namespace {

/// One order counts once, however many events tell of it.
std::string order_key(const contracts::Event& event) {
    const auto order = read_completed_order(event.data);
    return order ? order->order_number : event.id;
}

Result<void> count_completed(runtime::Transaction& transaction, const contracts::Event& event) {
    auto order = read_completed_order(event.data);
    if (!order) return std::move(order).error();
    transaction.span().set("user.id", order->user_id);
    transaction.span().set("order.id", order->order_number);
    auto counted = count_order(transaction.tables(), order->user_id, transaction.now_ms());
    if (!counted) return std::move(counted).error();
    if (!*counted) return Error{ErrorCode::kNotFound, "an order of the unknown user " + order->user_id};
    return {};
}

}  // namespace

void add_consumers(runtime::Consumers& consumers) {
    consumers.on(
        {.queue = "Users-OrderCompletedQueue", .types = {"orders.orderCompleted.v1"}, .inbox_key = order_key},
        count_completed);
}

}  // namespace loadgen::services::users
