#include "services/ninja/notification/service.hpp"

#include "services/ninja/notification/events/consumers.hpp"
#include "services/ninja/notification/events/sender.hpp"
#include "services/ninja/notification/http/routes.hpp"
#include "services/ninja/notification/store/notifications.hpp"
#include "services/ninja/shared/http/throttle.hpp"
#include "services/ninja/shared/store/sweep.hpp"
#include "services/platform/middlewares/rate_limit.hpp"

namespace loadgen::services::ninja {
namespace notification {
namespace {

constexpr Nanos kSendInterval = std::chrono::milliseconds(200);
constexpr Nanos kForgetInterval = std::chrono::minutes(1);

class NotificationService final : public runtime::Service {
  public:
    NotificationService(runtime::ServiceContext& context, std::unique_ptr<Channel> channel)
        : context_(context),
          throttle_(make_throttle(context.settings())),
          sender_(context, std::move(channel)) {}

    void add_middlewares(platform::Middlewares& chain) override {
        if (throttle_) chain.push_back(std::make_unique<platform::RateLimit>(throttle_));
    }
    void add_routes(platform::Router& router, runtime::RouteTools& tools) override {
        notification::add_routes(router, tools);
    }
    void add_consumers(runtime::Consumers& consumers) override { notification::add_consumers(consumers); }
    void add_jobs(runtime::Jobs& jobs) override {
        jobs.every("send notifications", kSendInterval, [this] { sender_.run(); });
        jobs.every("forget old notifications", kForgetInterval,
                   [this] { sweep(context_, notifications_table()); });
    }

  private:
    runtime::ServiceContext& context_;
    const std::shared_ptr<platform::RateLimiter> throttle_;
    Sender sender_;
};

std::unique_ptr<runtime::Service> make(runtime::ServiceContext& context) {
    return make_service(context, std::make_unique<LogChannel>(context.logger()));
}

}  // namespace

std::unique_ptr<runtime::Service> make_service(runtime::ServiceContext& context,
                                               std::unique_ptr<Channel> channel) {
    return std::make_unique<NotificationService>(context, std::move(channel));
}

}  // namespace notification

const runtime::ServiceType kNinjaNotification = {.name = "ninja-notification",
                                                 .title = "NinjaNotificationService",
                                                 .domain = "ninja",
                                                 .summary = "tells people of ninja orders",
                                                 .migrations = notification::migrations(),
                                                 .error_shape = platform::error_shapes::ninja,
                                                 .make = notification::make};

}  // namespace loadgen::services::ninja
