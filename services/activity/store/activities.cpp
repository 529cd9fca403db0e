#include "services/activity/store/activities.hpp"

#include <array>

#include "services/store/query.hpp"

namespace loadgen::services::activity {
namespace {

using store::params;

constexpr std::array<std::string_view, 1> kMigrations = {
    "CREATE TABLE activities ("
    "  entity_type TEXT NOT NULL,"
    "  entity_id TEXT NOT NULL,"
    "  time_ms INTEGER NOT NULL,"
    "  event_id TEXT NOT NULL,"
    "  type TEXT NOT NULL,"
    "  PRIMARY KEY (entity_type, entity_id, time_ms, event_id)"
    ") STRICT, WITHOUT ROWID;"};

Activity read_activity(const store::Row& row) {
    return {std::string(row.text(0)), row.integer(1)};
}

}  // namespace

std::span<const std::string_view> migrations() {
    return kMigrations;
}

Result<void> put_activity(store::Statements& tables, const Entity& entity, std::string_view event_id,
                          const Activity& activity) {
    return tables.run(
        "INSERT INTO activities (entity_type, entity_id, time_ms, event_id, type) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        params(entity_type_name(entity.type), entity.id, activity.time_ms, event_id, activity.type));
}

Result<std::vector<Activity>> list_activities(store::Statements& tables, const Entity& entity,
                                              std::int64_t before_ms, std::int64_t limit) {
    return store::find_all(tables,
                           "SELECT type, time_ms FROM (SELECT type, time_ms, event_id FROM activities"
                           " WHERE entity_type = ? AND entity_id = ? AND time_ms < ?"
                           " ORDER BY time_ms DESC, event_id DESC LIMIT ?) ORDER BY time_ms, event_id",
                           params(entity_type_name(entity.type), entity.id, before_ms, limit), read_activity);
}

}  // namespace loadgen::services::activity
