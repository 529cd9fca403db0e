#include "services/grocery/users/service.hpp"

#include "services/grocery/shared/store/mono_table.hpp"
#include "services/grocery/users/events/news.hpp"
#include "services/grocery/users/events/notifier.hpp"
#include "services/grocery/users/events/push_sender.hpp"
#include "services/grocery/users/http/routes.hpp"
#include "services/grocery/users/store/users.hpp"

namespace loadgen::services::grocery::users {
namespace {

constexpr Nanos kPushInterval = std::chrono::milliseconds(200);
constexpr Nanos kForgetInterval = std::chrono::minutes(1);

class UsersService final : public runtime::Service {
  public:
    explicit UsersService(runtime::ServiceContext& context) : context_(context), pushes_(context) {}

    void add_routes(platform::Router& router, runtime::RouteTools& tools) override {
        add_profile_routes(router, context_, tools, PushReach::kLoopback);
        add_favourite_routes(router, context_, tools);
        add_notification_routes(router, tools);
    }
    void add_consumers(runtime::Consumers& consumers) override {
        add_notifier(consumers, context_);
        add_news_consumers(consumers);
    }
    void add_jobs(runtime::Jobs& jobs) override {
        jobs.every("push notifications", kPushInterval, [this] { pushes_.run(); });
        jobs.every("forget expired rows", kForgetInterval, [this] { forget(); });
    }

  private:
    void forget() {
        const std::int64_t now_ms = context_.clock().wall_now().unix_ns / 1'000'000;
        context_.store().write([now_ms](store::Statements& tables) { return erase_expired(tables, now_ms); },
                               [](Result<void> /*tried again in a minute*/) {});
    }

    runtime::ServiceContext& context_;
    PushSender pushes_;
};

std::unique_ptr<runtime::Service> make(runtime::ServiceContext& context) {
    return std::make_unique<UsersService>(context);
}

}  // namespace

const runtime::ServiceType kUsers = {.name = "grocery-users",
                                     .title = "GroceryUsersService",
                                     .domain = "grocery",
                                     .summary = "profiles, favourites, and news of favourites on offer",
                                     .migrations = migrations(),
                                     .error_shape = platform::error_shapes::message,
                                     .make = make};

}  // namespace loadgen::services::grocery::users
