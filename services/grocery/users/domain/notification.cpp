#include "services/grocery/users/domain/notification.hpp"

#include "common/text/json_writer.hpp"
#include "services/grocery/shared/domain/calendar.hpp"

namespace loadgen::services::grocery::users {

std::string notification_body(const FavouriteOnOffer& event) {
    std::string json;
    text::JsonWriter out(json);
    out.begin_object().key("kind").string("favouriteOnOffer").key("favourite").string(event.favourite);
    out.key("promotionId").string(event.promotion_id).key("retailerId").string(event.retailer_id);
    out.key("offerPriceCents").integer(event.offer_price_cents);
    out.key("validUntil").string(event.valid_until).end_object();
    return json;
}

std::string notification_body(const ListShared& event) {
    std::string json;
    text::JsonWriter out(json);
    out.begin_object().key("kind").string("listShared").key("listId").string(event.list_id);
    out.key("role").string(event.role).key("actorUserId").string(event.actor_user_id).end_object();
    return json;
}

std::string notification_json(const Notification& notification) {
    std::string json;
    text::JsonWriter out(json);
    out.begin_object().key("notificationId").string(notification.id);
    out.key("createdAt").string(format_ms(notification.at_ms)).end_object();
    // Both are objects with members: one closing brace and one opening brace become a comma.
    json.back() = ',';
    json.append(notification.body, 1);
    return json;
}

}  // namespace loadgen::services::grocery::users
