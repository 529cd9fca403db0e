#include "services/activity/domain/activity.hpp"

#include <algorithm>
#include <array>

#include "services/contracts/payload.hpp"

namespace loadgen::services::activity {
namespace {

struct Name {
    EntityType type;
    std::string_view text;
};
constexpr std::array<Name, 3> kNames = {
    {{EntityType::kProduct, "product"}, {EntityType::kUser, "user"}, {EntityType::kOrder, "order"}}};

}  // namespace

std::string_view entity_type_name(EntityType type) {
    return std::find_if(kNames.begin(), kNames.end(), [type](const Name& name) { return name.type == type; })
        ->text;
}

std::optional<EntityType> entity_type_from_name(std::string_view name) {
    for (const Name& known : kNames) {
        if (known.text == name) return known.type;
    }
    return std::nullopt;
}

const std::vector<ActivityRule>& activity_rules() {
    static const std::vector<ActivityRule> kRules = {
        {"product.productCreated.v1", EntityType::kProduct, "productId"},
        {"product.productUpdated.v1", EntityType::kProduct, "productId"},
        {"product.productDeleted.v1", EntityType::kProduct, "productId"},
        {"inventory.stockUpdated.v1", EntityType::kProduct, "productId"},
        {"users.userCreated.v1", EntityType::kUser, "userId"},
        {"orders.orderCreated.v1", EntityType::kOrder, "orderNumber", "userId"},
        {"orders.orderConfirmed.v1", EntityType::kOrder, "orderNumber", "userId"},
        {"orders.orderCompleted.v1", EntityType::kOrder, "orderNumber", "userId"},
        {"inventory.stockReserved.v1", EntityType::kOrder, "orderNumber"},
        {"inventory.stockReservationFailed.v1", EntityType::kOrder, "orderNumber"},
    };
    return kRules;
}

Result<std::vector<Entity>> entities_of(std::string_view type, std::string_view data) {
    const auto& rules = activity_rules();
    const auto rule = std::find_if(rules.begin(), rules.end(),
                                   [type](const ActivityRule& row) { return row.type == type; });
    std::vector<Entity> entities;
    if (rule == rules.end()) return entities;
    contracts::Payload payload(data);
    entities.push_back({rule->entity, payload.text(rule->member)});
    if (!rule->user_member.empty()) {
        auto user = payload.optional_text(rule->user_member);
        if (user && !user->empty()) entities.push_back({EntityType::kUser, std::move(*user)});
    }
    if (!payload.ok()) return payload.error();
    return entities;
}

}  // namespace loadgen::services::activity
