#include "services/loyalty/events/handlers.hpp"

#include "services/loyalty/events/payloads.hpp"
#include "services/loyalty/store/accounts.hpp"

namespace loadgen::services::loyalty {
namespace {

using contracts::Event;
using runtime::Transaction;

/// One order counts once, however many events tell of it.
std::string order_key(const Event& event) {
    auto grant = read_completed_order(event.data);
    return grant ? std::move(grant->key) : event.id;
}

Result<void> grant(Transaction& transaction, const Grant& wanted, PointsFeed& feed) {
    transaction.span().set("user.id", wanted.user_id);
    auto granted = grant_points(transaction.tables(), wanted, transaction.now_ms());
    if (!granted) return std::move(granted).error();
    if (granted->new_account) transaction.span().set("loyalty.newAccount", true);
    if (granted->counted) feed.wake();
    return {};
}

Result<void> greet_user(Transaction& transaction, const Event& event, PointsFeed& feed) {
    const auto wanted = read_new_user(event.data);
    if (!wanted) return wanted.error();
    return grant(transaction, *wanted, feed);
}

Result<void> reward_order(Transaction& transaction, const Event& event, PointsFeed& feed) {
    const auto wanted = read_completed_order(event.data);
    if (!wanted) return wanted.error();
    transaction.span().set("order.id", wanted->key);
    return grant(transaction, *wanted, feed);
}

}  // namespace

void add_consumers(runtime::Consumers& consumers, PointsFeed& feed) {
    consumers.on({.queue = "UserCreated", .types = {"users.userCreated.v1"}},
                 [&feed](Transaction& transaction, const Event& event) {
                     return greet_user(transaction, event, feed);
                 });
    consumers.on({.queue = "OrderCompleted", .types = {"orders.orderCompleted.v1"}, .inbox_key = order_key},
                 [&feed](Transaction& transaction, const Event& event) {
                     return reward_order(transaction, event, feed);
                 });
}

}  // namespace loadgen::services::loyalty
