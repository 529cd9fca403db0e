// The table of activities.
#pragma once

#include <span>

#include "services/activity/domain/activity.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::activity {

std::span<const std::string_view> migrations();

struct Activity {
    std::string type;  ///< of the event
    std::int64_t time_ms = 0;
};

/// Writing the same event again changes nothing.
Result<void> put_activity(store::Statements& tables, const Entity& entity, std::string_view event_id,
                          const Activity& activity);

/// In order of time, then event id: the last `limit` before `before_ms`.
Result<std::vector<Activity>> list_activities(store::Statements& tables, const Entity& entity,
                                              std::int64_t before_ms, std::int64_t limit);

}  // namespace loadgen::services::activity
