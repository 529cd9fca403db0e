#include "services/activity/service.hpp"

#include "services/activity/events/handlers.hpp"
#include "services/activity/http/routes.hpp"
#include "services/activity/store/activities.hpp"

namespace loadgen::services::activity {
namespace {

class ActivityService final : public runtime::Service {
  public:
    explicit ActivityService(const runtime::ServiceContext& context)
        : limiter_(make_limiter(context.settings())) {}

    void add_routes(platform::Router& router, runtime::RouteTools& tools) override {
        activity::add_routes(router, limiter_, tools);
    }
    void add_consumers(runtime::Consumers& consumers) override { activity::add_consumers(consumers); }

  private:
    const std::shared_ptr<platform::RateLimiter> limiter_;
};

std::unique_ptr<runtime::Service> make(runtime::ServiceContext& context) {
    return std::make_unique<ActivityService>(context);
}

}  // namespace

const runtime::ServiceType kActivity = {.name = "activity",
                                        .title = "ActivityService",
                                        .domain = "activity",
                                        .summary = "what happened to products, users and orders",
                                        .migrations = migrations(),
                                        .error_shape = platform::error_shapes::error,
                                        .make = make};

}  // namespace loadgen::services::activity
