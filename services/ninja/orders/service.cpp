#include "services/ninja/orders/service.hpp"

#include "services/ninja/orders/events/delay_watch.hpp"
#include "services/ninja/orders/http/create_latency.hpp"
#include "services/ninja/orders/http/routes.hpp"
#include "services/ninja/orders/store/orders.hpp"
#include "services/ninja/shared/http/throttle.hpp"
#include "services/ninja/shared/store/idempotency.hpp"
#include "services/ninja/shared/store/sweep.hpp"
#include "services/platform/middlewares/rate_limit.hpp"

namespace loadgen::services::ninja {
namespace orders {
namespace {

constexpr Nanos kSweepInterval = std::chrono::seconds(10);
constexpr Nanos kJudgeInterval = std::chrono::seconds(1);

class OrderService final : public runtime::Service {
  public:
    explicit OrderService(runtime::ServiceContext& context)
        : context_(context),
          source_(context.settings().data, context.clock()),
          watch_(context, source_),
          throttle_(make_throttle(context.settings())) {}

    void add_middlewares(platform::Middlewares& chain) override {
        chain.push_back(std::make_unique<CreateLatency>(watch_, context_.clock()));
        if (throttle_) chain.push_back(std::make_unique<platform::RateLimit>(throttle_));
    }
    void add_routes(platform::Router& router, runtime::RouteTools& tools) override {
        orders::add_routes(router, context_, tools, source_);
    }
    void add_jobs(runtime::Jobs& jobs) override {
        jobs.every("forget stored answers", kSweepInterval, [this] { sweep(context_, idempotency_table()); });
        jobs.every("judge create latency", kJudgeInterval, [this] { watch_.judge(); });
    }

  private:
    runtime::ServiceContext& context_;
    ConfigurationSource source_;
    DelayWatch watch_;
    const std::shared_ptr<platform::RateLimiter> throttle_;
};

std::unique_ptr<runtime::Service> make(runtime::ServiceContext& context) {
    return std::make_unique<OrderService>(context);
}

}  // namespace
}  // namespace orders

const runtime::ServiceType kNinjaOrders = {.name = "ninja-orders",
                                           .title = "NinjaOrderService",
                                           .domain = "ninja",
                                           .summary = "orders with idempotent creation and flags",
                                           .migrations = orders::migrations(),
                                           .error_shape = platform::error_shapes::ninja,
                                           .make = orders::make};

}  // namespace loadgen::services::ninja
