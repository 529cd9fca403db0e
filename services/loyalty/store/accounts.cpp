#include "services/loyalty/store/accounts.hpp"

#include <array>

#include "services/contracts/payload.hpp"
#include "services/loyalty/store/failed_changes.hpp"
#include "services/store/query.hpp"

namespace loadgen::services::loyalty {
namespace {

using store::params;

// A key is a row of its own, so that an account with many orders stays as small as a new one.
constexpr std::string_view kTables =
    "CREATE TABLE accounts ("
    "  user_id TEXT PRIMARY KEY,"
    "  points INTEGER NOT NULL CHECK (points >= 0),"
    "  version INTEGER NOT NULL,"
    "  updated_ms INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE account_keys ("
    "  user_id TEXT NOT NULL,"
    "  key TEXT NOT NULL,"
    "  added_ms INTEGER NOT NULL,"
    "  PRIMARY KEY (user_id, key)"
    ") STRICT, WITHOUT ROWID;";

std::string schema() {
    return std::string(kTables)
        .append(kFailedChangesSchema)
        .append(store::change_log_schema())
        .append(store::change_stream_schema(
            {.table = "accounts", .key = {"user_id"}, .columns = {"user_id", "points"}}));
}

Account read_account(const store::Row& row) {
    return {std::string(row.text(0)), row.integer(1), row.integer(2)};
}

}  // namespace

std::span<const std::string_view> migrations() {
    static const std::string first = schema();
    static const std::array<std::string_view, 1> all = {first};
    return all;
}

Result<std::optional<Account>> find_account(store::Statements& tables, std::string_view user_id) {
    return store::find_one(tables, "SELECT user_id, points, version FROM accounts WHERE user_id = ?",
                           params(user_id), read_account);
}

Result<Granted> grant_points(store::Statements& tables, const Grant& grant, std::int64_t now_ms) {
    auto first = store::run_changed(
        tables, "INSERT INTO account_keys (user_id, key, added_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        params(grant.user_id, grant.key, now_ms));
    if (!first) return std::move(first).error();
    if (!*first) return Granted{};
    auto known = find_account(tables, grant.user_id);
    if (!known) return std::move(known).error();
    auto done = tables.run(
        "INSERT INTO accounts (user_id, points, version, updated_ms) VALUES (?, ?, 1, ?)"
        " ON CONFLICT (user_id) DO UPDATE SET points = points + excluded.points, version = version + 1,"
        " updated_ms = excluded.updated_ms",
        params(grant.user_id, grant.points, now_ms));
    if (!done) return std::move(done).error();
    return Granted{.counted = true, .new_account = !known->has_value()};
}

Result<void> set_points(store::Statements& tables, std::string_view user_id, std::int64_t points,
                        std::int64_t now_ms) {
    return tables.run(
        "UPDATE accounts SET points = ?, version = version + 1, updated_ms = ? WHERE user_id = ?",
        params(points, now_ms, user_id));
}

Result<PointsChange> read_points_change(const store::ChangeRecord& change) {
    contracts::Payload after(change.new_image.value_or(std::string()));
    PointsChange points{after.text("user_id"), after.integer("points"), 0};
    points.difference = points.total;
    if (!after.ok()) return with_context("new image: ", after.error());
    if (!change.old_image) return points;
    contracts::Payload before(*change.old_image);
    points.difference -= before.integer("points");
    if (!before.ok()) return with_context("old image: ", before.error());
    return points;
}

}  // namespace loadgen::services::loyalty
