#include "services/ninja/notification/store/notifications.hpp"

#include <array>

#include "services/store/query.hpp"

namespace loadgen::services::ninja::notification {
namespace {

using store::params;

constexpr std::int64_t kKeptMs = 24 * 3600 * 1000;
constexpr std::int64_t kNanosPerMilli = 1'000'000;

// `due_ms` is when the next attempt may begin; NULL once there is none to come.
constexpr std::string_view kTable =
    "CREATE TABLE notifications ("
    "  id TEXT PRIMARY KEY,"
    "  order_id TEXT NOT NULL,"
    "  subject TEXT NOT NULL,"
    "  message TEXT NOT NULL,"
    "  attempts INTEGER NOT NULL,"
    "  due_ms INTEGER,"
    "  sent_ms INTEGER,"
    "  created_ms INTEGER NOT NULL,"
    "  expires_at INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX due_notifications ON notifications (due_ms) WHERE due_ms IS NOT NULL;"
    "CREATE INDEX notifications_of_order ON notifications (order_id);";

Notification read_notification(const store::Row& row) {
    return {.id = std::string(row.text(0)),
            .order_id = std::string(row.text(1)),
            .subject = std::string(row.text(2)),
            .message = std::string(row.text(3))};
}

std::optional<std::int64_t> next_attempt_ms(const Ended& ended, std::int64_t now_ms) {
    if (ended.sent || ended.number >= kMaxAttempts) return std::nullopt;
    return now_ms + retry_wait(ended.number).count() / kNanosPerMilli;
}

}  // namespace

store::ExpiringTable notifications_table() {
    return {.table = "notifications", .key = {"id"}};
}

std::span<const std::string_view> migrations() {
    static const std::string first = std::string(kTable) + store::expiry_schema(notifications_table());
    static const std::array<std::string_view, 1> all = {first};
    return all;
}

Result<void> add_notification(store::Statements& tables, const Notification& notification,
                              std::int64_t now_ms) {
    return tables.run(
        "INSERT INTO notifications (id, order_id, subject, message, attempts, due_ms, created_ms, expires_at)"
        " VALUES (?, ?, ?, ?, 0, ?, ?, ?) ON CONFLICT DO NOTHING",
        params(notification.id, notification.order_id, notification.subject, notification.message, now_ms,
               now_ms, now_ms + kKeptMs));
}

Result<bool> has_due(store::Statements& tables, std::int64_t now_ms) {
    auto found = store::find_one(tables, "SELECT 1 FROM notifications WHERE due_ms <= ? LIMIT 1",
                                 params(now_ms), [](const store::Row& row) { return row.integer(0); });
    if (!found) return std::move(found).error();
    return found->has_value();
}

Result<std::vector<Attempt>> lease_due(store::Statements& tables, std::int64_t now_ms, std::int64_t limit) {
    auto attempts =
        store::find_all(tables,
                        "SELECT id, order_id, subject, message, attempts FROM notifications WHERE due_ms <= ?"
                        " ORDER BY due_ms LIMIT ?",
                        params(now_ms, limit), [](const store::Row& row) {
                            return Attempt{read_notification(row), static_cast<int>(row.integer(4)) + 1};
                        });
    if (!attempts) return attempts;
    for (const Attempt& attempt : *attempts) {
        // Who dies during the last attempt leaves no due time behind: it was made.
        const auto due = attempt.number < kMaxAttempts ? std::optional(now_ms + kLeaseMs) : std::nullopt;
        auto leased = tables.run("UPDATE notifications SET attempts = ?, due_ms = ? WHERE id = ?",
                                 params(attempt.number, due, attempt.notification.id));
        if (!leased) return std::move(leased).error();
    }
    return attempts;
}

Result<void> write_ended(store::Statements& tables, const std::vector<Ended>& ended, std::int64_t now_ms) {
    for (const Ended& one : ended) {
        auto done = one.sent
                        ? tables.run("UPDATE notifications SET sent_ms = ?, due_ms = NULL WHERE id = ?",
                                     params(now_ms, one.id))
                        : tables.run(
                              "UPDATE notifications SET due_ms = ? WHERE id = ? AND attempts = ? AND sent_ms "
                              "IS NULL",
                              params(next_attempt_ms(one, now_ms), one.id, one.number));
        if (!done) return done;
    }
    return {};
}

Result<std::vector<Progress>> list_of_order(store::Statements& tables, std::string_view order_id) {
    return store::find_all(
        tables,
        "SELECT id, order_id, subject, message, attempts, sent_ms FROM notifications WHERE order_id = ?"
        " ORDER BY created_ms, id",
        params(order_id), [](const store::Row& row) {
            return Progress{read_notification(row), static_cast<int>(row.integer(4)),
                            row.is_null(5) ? std::nullopt : std::optional(row.integer(5))};
        });
}

}  // namespace loadgen::services::ninja::notification
