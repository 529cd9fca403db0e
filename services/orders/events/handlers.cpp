#include "services/orders/events/handlers.hpp"

#include "services/orders/events/payloads.hpp"
#include "services/orders/store/orders.hpp"

namespace loadgen::services::orders {
namespace {

using contracts::Event;
using runtime::ServiceContext;
using runtime::TokenOutcome;
using runtime::Transaction;

constexpr std::string_view kReservationFailed = "Stock.ReservationFailed";
constexpr std::int64_t kNanosPerMilli = 1'000'000;

/// A late reply is final: its question is no longer asked, and hearing it again would not help.
void note_late(const ServiceContext& context, const StockReply& reply) {
    context.meter().counter("orders.late_replies", "{event}").add();
    context.logger().log(telemetry::LogLevel::kWarn, "a reply that nobody waits for: dropped",
                         {{"order", std::string_view(reply.order_id)}});
}

Result<void> take_reply(const ServiceContext& context, Transaction& transaction, const Event& event,
                        bool reserved) {
    auto reply = read_stock_reply(event.data);
    if (!reply) return std::move(reply).error();
    transaction.span().set("order.id", reply->order_id);
    transaction.span().set("messaging.message.conversation_id", reply->conversation_id);
    auto outcome = reserved ? transaction.succeed_token(reply->conversation_id)
                            : transaction.fail_token(reply->conversation_id, kReservationFailed);
    if (!outcome) return std::move(outcome).error();
    if (*outcome == TokenOutcome::kUnknown) note_late(context, *reply);
    if (context.settings().environment == "prod") return {};
    return put_received(transaction.tables(), reply->order_id,
                        {event.id, event.type, event.time.unix_ns / kNanosPerMilli});
}

}  // namespace

void add_consumers(runtime::Consumers& consumers, ServiceContext& context) {
    consumers.on({.queue = "OrdersService-StockReserved", .types = {"inventory.stockReserved.v1"}},
                 [&context](Transaction& transaction, const Event& event) {
                     return take_reply(context, transaction, event, true);
                 });
    consumers.on({.queue = "OrdersService-StockReservationFailedACL",
                  .types = {"inventory.stockReservationFailed.v1"}},
                 [&context](Transaction& transaction, const Event& event) {
                     return take_reply(context, transaction, event, false);
                 });
}

}  // namespace loadgen::services::orders
