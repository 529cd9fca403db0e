#include "services/grocery/users/events/news.hpp"

#include "services/grocery/users/store/notifications.hpp"
#include "services/grocery/users/store/users.hpp"

namespace loadgen::services::grocery::users {
namespace {

using contracts::Event;
using runtime::Transaction;

Result<void> notify(Transaction& transaction, std::string_view user_id, const Event& event, std::string body,
                    std::string_view traceparent) {
    auto notification =
        add_notification(transaction.tables(), user_id, event.id, std::move(body), transaction.now_ms());
    if (!notification) return std::move(notification).error();
    auto endpoints = push_endpoints(transaction.tables(), user_id);
    if (!endpoints) return std::move(endpoints).error();
    const std::string json = notification_json(*notification);
    for (const std::string& endpoint : *endpoints) {
        auto done = add_delivery(transaction.tables(), {.endpoint = endpoint,
                                                        .notification_id = notification->id,
                                                        .body = json,
                                                        .traceparent = std::string(traceparent),
                                                        .due_ms = transaction.now_ms()});
        if (!done) return done;
    }
    return {};
}

/// Which news a user wants. Users that were never seen want everything.
Result<Profile> wishes_of(Transaction& transaction, std::string_view user_id) {
    auto profile = find_profile(transaction.tables(), user_id);
    if (!profile) return std::move(profile).error();
    return profile->value_or(Profile());
}

Result<void> take_offer(Transaction& transaction, const Event& event) {
    auto offer = read_favourite_on_offer(event.data);
    if (!offer) return std::move(offer).error();
    auto import = import_of(transaction.tables(), *offer);
    if (!import) return std::move(import).error();
    // Who asks why this notification came follows the link to the import.
    if (const auto context = telemetry::parse_traceparent(*import)) transaction.span().add_link(*context);
    transaction.span().set("user.id", offer->user_id);
    transaction.span().set("grocery.promotion.id", offer->promotion_id);
    auto wishes = wishes_of(transaction, offer->user_id);
    if (!wishes) return std::move(wishes).error();
    if (!wishes->favourite_offers) return {};
    return notify(transaction, offer->user_id, event, notification_body(*offer), *import);
}

Result<void> take_share(Transaction& transaction, const Event& event) {
    auto share = read_list_shared(event.data);
    if (!share) return std::move(share).error();
    transaction.span().set("user.id", share->user_id);
    transaction.span().set("grocery.list.id", share->list_id);
    auto wishes = wishes_of(transaction, share->user_id);
    if (!wishes) return std::move(wishes).error();
    if (!wishes->list_changes) return {};
    return notify(transaction, share->user_id, event, notification_body(*share), "");
}

}  // namespace

void add_news_consumers(runtime::Consumers& consumers) {
    consumers.on({.queue = "GroceryNotifications", .types = {FavouriteOnOffer::kType}}, take_offer);
    consumers.on({.queue = "GroceryListShared", .types = {ListShared::kType}}, take_share);
}

}  // namespace loadgen::services::grocery::users
