// Which events are activities of which entities.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace loadgen::services::activity {

enum class EntityType { kProduct, kUser, kOrder };

/// "product", "user", "order".
std::string_view entity_type_name(EntityType type);
std::optional<EntityType> entity_type_from_name(std::string_view name);

struct Entity {
    EntityType type = EntityType::kProduct;
    std::string id;
    friend bool operator==(const Entity&, const Entity&) = default;
};

/// One event type and the members of its `data` that name entities.
struct ActivityRule {
    std::string_view type;
    EntityType entity;
    std::string_view member;            ///< required
    std::string_view user_member = {};  ///< also an activity of this user, when there and not empty
};
const std::vector<ActivityRule>& activity_rules();

/// Whose activity an event is; none for a type that no rule names. A required member that is missing or empty
/// is an error.
Result<std::vector<Entity>> entities_of(std::string_view type, std::string_view data);

}  // namespace loadgen::services::activity
