#include "services/activity/http/routes.hpp"

#include <limits>

#include "services/activity/store/activities.hpp"
#include "services/platform/query.hpp"

namespace loadgen::services::activity {
namespace {

using platform::CallPtr;

constexpr int kOk = 200;
constexpr int kBadRequest = 400;
constexpr int kFailed = 500;
constexpr std::int64_t kMaxActivities = 1000;
// Two requests a second, with ten at once.
constexpr std::uint32_t kBurst = 10;
constexpr Nanos kBurstLength = std::chrono::seconds(5);

http::Response activities_answer(const Entity& entity, const std::vector<Activity>& activities) {
    return platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("entity_id").string(entity.id);
        out.key("entity_type").string(entity_type_name(entity.type)).key("activities").begin_array();
        for (const Activity& activity : activities) {
            out.begin_object().key("type").string(activity.type);
            out.key("activity_time").integer(activity.time_ms).end_object();
        }
        out.end_array().end_object();
    });
}

void list(const CallPtr& call, store::Statements& reader) {
    const auto type = entity_type_from_name(call->parameter("entity_type"));
    if (!type) {
        return call->answer(
            platform::error_response(*call, kBadRequest, "entity_type must be product, user or order"));
    }
    platform::QueryReader query(*call);
    const std::int64_t limit = query.integer_or("limit", kMaxActivities, {.min = 1, .max = kMaxActivities});
    const std::int64_t before =
        query.integer_or("before", std::numeric_limits<std::int64_t>::max(), {.min = 0});
    if (!query.ok()) return call->answer(query.refusal());
    const Entity entity{*type, std::string(call->parameter("entity_id"))};
    call->span.set(
        std::string(entity_type_name(*type)).append(*type == EntityType::kOrder ? ".number" : ".id"),
        entity.id);
    const auto activities = list_activities(reader, entity, before, limit);
    if (!activities) {
        call->error = activities.error().message;
        return call->answer(platform::error_response(*call, kFailed, "internal server error"));
    }
    call->answer(activities_answer(entity, *activities));
}

}  // namespace

std::shared_ptr<platform::RateLimiter> make_limiter(const runtime::Settings& settings) {
    platform::RateLimiterOptions options;
    options.policy = "activity";
    options.length = kBurstLength;
    options.limits = platform::RateLimits::same(settings.rate_limits ? kBurst : 0);
    return std::make_shared<platform::RateLimiter>(std::move(options));
}

void add_routes(platform::Router& router, const std::shared_ptr<platform::RateLimiter>& limiter,
                runtime::RouteTools& tools) {
    router.add(
        "GET", "/api/activity/{entity_type}/{entity_id}",
        platform::limited(limiter, [&reader = tools.reader](const CallPtr& call) { list(call, reader); }));
}

}  // namespace loadgen::services::activity
