// What users were told (NOTIF# rows, 30 days), what they are not to be told again (SENT# rows, as long as the
// offer is valid), and what still has to reach a push endpoint.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/grocery/users/domain/notification.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::grocery::users {

// Errors are the store's.

/// Keeps a notification at `now_ms`, or behind the user's newest when that is later: places grow strictly, so
/// that a reader who knows one place misses nothing behind it.
Result<Notification> add_notification(store::Statements& tables, std::string_view user_id,
                                      std::string_view id, std::string body, std::int64_t now_ms);
/// Those behind the place `since`, oldest first.
Result<std::vector<Notification>> list_notifications(store::Statements& tables, std::string_view user_id,
                                                     std::int64_t since, std::int64_t limit);
/// The place of the user's newest; 0 when there is none.
Result<std::int64_t> newest_notification(store::Statements& tables, std::string_view user_id);

/// One message about an offer to one user. `traceparent` is of the import that brought the offer.
struct Sent {
    std::string user_id;
    std::string favourite;
    std::string promotion_id;
    std::string traceparent;
    std::int64_t expires_ms = 0;
};
/// False when it was sent before.
Result<bool> mark_sent(store::Statements& tables, const Sent& sent);
/// The import's traceparent, empty when it is not known any more.
Result<std::string> import_of(store::Statements& tables, const FavouriteOnOffer& event);

struct Delivery {
    std::int64_t delivery_id = 0;
    std::string endpoint;
    std::string notification_id;
    std::string body;
    std::string traceparent;  ///< of the import, or empty
    int attempt = 1;          ///< the one that is due
    std::int64_t due_ms = 0;
};
Result<void> add_delivery(store::Statements& tables, const Delivery& delivery);
/// Takes what is due and makes it due again at `lease_until_ms`, so that nobody else takes it meanwhile.
Result<std::vector<Delivery>> take_deliveries(store::Statements& tables, std::int64_t now_ms,
                                              std::int64_t lease_until_ms, std::int64_t limit);
/// True when anything is due.
Result<bool> deliveries_due(store::Statements& tables, std::int64_t now_ms);
Result<void> drop_delivery(store::Statements& tables, std::int64_t delivery_id);
Result<void> postpone_delivery(store::Statements& tables, std::int64_t delivery_id, int next_attempt,
                               std::int64_t due_ms);

}  // namespace loadgen::services::grocery::users
