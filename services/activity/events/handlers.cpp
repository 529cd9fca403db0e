#include "services/activity/events/handlers.hpp"

#include "services/activity/store/activities.hpp"

namespace loadgen::services::activity {
namespace {

constexpr std::int64_t kNanosPerMilli = 1'000'000;
constexpr Nanos kVisibility = std::chrono::seconds(60);

std::string_view span_attribute(EntityType type) {
    switch (type) {
        case EntityType::kProduct:
            return "product.id";
        case EntityType::kUser:
            return "user.id";
        case EntityType::kOrder:
            break;
    }
    return "order.number";
}

Result<void> note(runtime::Transaction& transaction, const contracts::Event& event) {
    auto entities = entities_of(event.type, event.data);
    if (!entities) return std::move(entities).error();
    const Activity activity{event.type, event.time.unix_ns / kNanosPerMilli};
    for (const Entity& entity : *entities) {
        transaction.span().set(span_attribute(entity.type), entity.id);
        auto done = put_activity(transaction.tables(), entity, event.id, activity);
        if (!done) return done;
    }
    return {};
}

}  // namespace

void add_consumers(runtime::Consumers& consumers) {
    runtime::Subscription subscription{.queue = "ActivityQueue"};
    subscription.visibility_timeout = kVisibility;
    for (const ActivityRule& rule : activity_rules()) subscription.types.push_back(rule.type);
    consumers.on(std::move(subscription), note);
}

}  // namespace loadgen::services::activity
