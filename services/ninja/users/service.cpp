#include "services/ninja/users/service.hpp"

#include "services/ninja/shared/http/throttle.hpp"
#include "services/ninja/shared/store/idempotency.hpp"
#include "services/ninja/shared/store/sweep.hpp"
#include "services/ninja/users/http/routes.hpp"
#include "services/ninja/users/store/users.hpp"
#include "services/platform/middlewares/rate_limit.hpp"

namespace loadgen::services::ninja {
namespace users {
namespace {

constexpr Nanos kSweepInterval = std::chrono::seconds(10);

class UserService final : public runtime::Service {
  public:
    explicit UserService(runtime::ServiceContext& context)
        : context_(context),
          source_(context.settings().data, context.clock()),
          throttle_(make_throttle(context.settings())) {}

    void add_middlewares(platform::Middlewares& chain) override {
        if (throttle_) chain.push_back(std::make_unique<platform::RateLimit>(throttle_));
    }
    void add_routes(platform::Router& router, runtime::RouteTools& tools) override {
        users::add_routes(router, context_, tools, source_);
    }
    void add_jobs(runtime::Jobs& jobs) override {
        jobs.every("forget stored answers", kSweepInterval, [this] { sweep(context_, idempotency_table()); });
    }

  private:
    runtime::ServiceContext& context_;
    ConfigurationSource source_;
    const std::shared_ptr<platform::RateLimiter> throttle_;
};

std::unique_ptr<runtime::Service> make(runtime::ServiceContext& context) {
    return std::make_unique<UserService>(context);
}

}  // namespace
}  // namespace users

const runtime::ServiceType kNinjaUsers = {.name = "ninja-users",
                                          .title = "NinjaUserService",
                                          .domain = "ninja",
                                          .summary = "users with idempotent creation and flags",
                                          .migrations = users::migrations(),
                                          .error_shape = platform::error_shapes::ninja,
                                          .make = users::make};

}  // namespace loadgen::services::ninja
