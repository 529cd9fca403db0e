// News for a user.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "services/grocery/shared/events/payloads.hpp"

namespace loadgen::services::grocery::users {

struct Notification {
    std::int64_t at_ms = 0;  ///< its place among the user's; grows strictly
    std::string id;
    std::string body;  ///< JSON object: {"kind":...,...}
};

/// {"kind":"favouriteOnOffer","favourite":...,"promotionId":...,"retailerId":...,"offerPriceCents":...,"validUntil":...}
std::string notification_body(const FavouriteOnOffer& event);
/// {"kind":"listShared","listId":...,"role":...,"actorUserId":...}
std::string notification_body(const ListShared& event);

/// What clients, streams and push endpoints get: {"notificationId":...,"createdAt":...,<members of the
/// body>}.
std::string notification_json(const Notification& notification);

}  // namespace loadgen::services::grocery::users
