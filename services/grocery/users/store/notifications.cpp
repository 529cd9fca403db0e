#include "services/grocery/users/store/notifications.hpp"

#include <algorithm>
#include <cstdio>

#include "common/text/json_writer.hpp"
#include "services/contracts/payload.hpp"
#include "services/grocery/shared/store/mono_table.hpp"
#include "services/store/query.hpp"

namespace loadgen::services::grocery::users {
namespace {

using store::params;
using store::Row;
using store::Statements;

constexpr std::string_view kNotification = "NOTIF#";
constexpr std::size_t kPlaceDigits = 13;
constexpr std::int64_t kKeepMs = 30LL * 24 * 3600 * 1000;

std::string user_key(std::string_view user_id) {
    return std::string("USER#").append(user_id);
}

/// Thirteen digits hold milliseconds until the year 2286 in an order that texts keep.
std::string place_key(std::int64_t place_ms) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%013lld", static_cast<long long>(place_ms));
    return std::string(kNotification).append(digits);
}

std::int64_t place_of(const std::string& sort) {
    std::int64_t place = 0;
    for (const char digit : std::string_view(sort).substr(kNotification.size(), kPlaceDigits))
        place = place * 10 + (digit - '0');
    return place;
}

std::string sent_key(std::string_view user_id, std::string_view favourite) {
    return std::string(user_id).append("#").append(favourite);
}

Notification read_notification(const MonoRow& row) {
    return {.at_ms = place_of(row.sort),
            .id = row.sort.substr(kNotification.size() + kPlaceDigits + 1),
            .body = row.attributes};
}

Delivery read_delivery(const Row& row) {
    return {.delivery_id = row.integer(0),
            .endpoint = std::string(row.text(1)),
            .notification_id = std::string(row.text(2)),
            .body = std::string(row.text(3)),
            .traceparent = std::string(row.text(4)),
            .attempt = static_cast<int>(row.integer(5)),
            .due_ms = row.integer(6)};
}

}  // namespace

Result<Notification> add_notification(Statements& tables, std::string_view user_id, std::string_view id,
                                      std::string body, std::int64_t now_ms) {
    auto newest = newest_notification(tables, user_id);
    if (!newest) return std::move(newest).error();
    Notification notification{std::max(now_ms, *newest + 1), std::string(id), std::move(body)};
    auto done = put_row(tables, {.partition = user_key(user_id),
                                 .sort = place_key(notification.at_ms).append("#").append(id),
                                 .attributes = notification.body,
                                 .expires_ms = notification.at_ms + kKeepMs});
    if (!done) return std::move(done).error();
    return notification;
}

Result<std::vector<Notification>> list_notifications(Statements& tables, std::string_view user_id,
                                                     std::int64_t since, std::int64_t limit) {
    auto rows = find_rows(tables, {.partition = user_key(user_id),
                                   .prefix = std::string(kNotification),
                                   .after = place_key(since + 1),
                                   .limit = limit});
    if (!rows) return std::move(rows).error();
    std::vector<Notification> notifications;
    for (const MonoRow& row : *rows) notifications.push_back(read_notification(row));
    return notifications;
}

Result<std::int64_t> newest_notification(Statements& tables, std::string_view user_id) {
    auto rows = find_rows(tables, {.partition = user_key(user_id),
                                   .prefix = std::string(kNotification),
                                   .limit = 1,
                                   .descending = true});
    if (!rows) return std::move(rows).error();
    return rows->empty() ? 0 : place_of(rows->front().sort);
}

Result<bool> mark_sent(Statements& tables, const Sent& sent) {
    std::string attributes;
    text::JsonWriter(attributes).begin_object().key("traceparent").string(sent.traceparent).end_object();
    return put_new_row(tables, {.partition = "SENT#" + sent.promotion_id,
                                .sort = sent_key(sent.user_id, sent.favourite),
                                .attributes = std::move(attributes),
                                .expires_ms = sent.expires_ms});
}

Result<std::string> import_of(Statements& tables, const FavouriteOnOffer& event) {
    auto row = find_row(tables, "SENT#" + event.promotion_id, sent_key(event.user_id, event.favourite));
    if (!row) return std::move(row).error();
    if (!*row) return std::string();
    contracts::Payload attributes((*row)->attributes);
    return attributes.optional_text("traceparent").value_or(std::string());
}

Result<void> add_delivery(Statements& tables, const Delivery& delivery) {
    return tables.run(
        "INSERT INTO push_deliveries (endpoint, notification_id, body, traceparent, attempt, due_ms)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        params(delivery.endpoint, delivery.notification_id, delivery.body, delivery.traceparent,
               delivery.attempt, delivery.due_ms));
}

Result<std::vector<Delivery>> take_deliveries(Statements& tables, std::int64_t now_ms,
                                              std::int64_t lease_until_ms, std::int64_t limit) {
    return store::find_all(
        tables,
        "UPDATE push_deliveries SET due_ms = ? WHERE delivery_id IN (SELECT delivery_id"
        " FROM push_deliveries WHERE due_ms <= ? ORDER BY due_ms LIMIT ?)"
        " RETURNING delivery_id, endpoint, notification_id, body, traceparent, attempt, due_ms",
        params(lease_until_ms, now_ms, limit), read_delivery);
}

Result<bool> deliveries_due(Statements& tables, std::int64_t now_ms) {
    auto found = store::find_one(tables, "SELECT 1 FROM push_deliveries WHERE due_ms <= ? LIMIT 1",
                                 params(now_ms), [](const Row& row) { return row.integer(0); });
    if (!found) return std::move(found).error();
    return found->has_value();
}

Result<void> drop_delivery(Statements& tables, std::int64_t delivery_id) {
    return tables.run("DELETE FROM push_deliveries WHERE delivery_id = ?", params(delivery_id));
}

Result<void> postpone_delivery(Statements& tables, std::int64_t delivery_id, int next_attempt,
                               std::int64_t due_ms) {
    return tables.run("UPDATE push_deliveries SET attempt = ?, due_ms = ? WHERE delivery_id = ?",
                      params(next_attempt, due_ms, delivery_id));
}

}  // namespace loadgen::services::grocery::users
