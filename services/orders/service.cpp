#include "services/orders/service.hpp"

#include "services/orders/events/handlers.hpp"
#include "services/orders/http/routes.hpp"
#include "services/orders/store/orders.hpp"
#include "services/orders/workflow/order_processing.hpp"
#include "services/platform/middlewares/rate_limit.hpp"
#include "services/platform/middlewares/version_headers.hpp"

namespace loadgen::services::orders {
namespace {

using platform::RateLimiter;
using platform::RateLimiterOptions;

constexpr platform::RateLimits kGlobal = {.premium = 200, .admin = 150, .standard = 60, .unknown = 30};

platform::RateLimits for_all(std::uint32_t limit) {
    return {.premium = limit, .admin = limit, .standard = limit, .unknown = limit};
}

std::shared_ptr<RateLimiter> limiter(std::string policy, RateLimiterOptions::Window window,
                                     const platform::RateLimits& limits) {
    RateLimiterOptions options;
    options.policy = std::move(policy);
    options.window = window;
    options.limits = limits;
    return std::make_shared<RateLimiter>(std::move(options));
}

class OrderService final : public runtime::Service {
  public:
    explicit OrderService(runtime::ServiceContext& context) : context_(context) {
        if (!context.settings().rate_limits) return;
        using Window = RateLimiterOptions::Window;
        global_ = limiter("global", Window::kSliding, kGlobal);
        limits_.read = limiter("read", Window::kSliding, for_all(100));
        limits_.create = limiter("create", Window::kFixed, for_all(20));
        limits_.admin = limiter("admin", Window::kFixed, for_all(10));
    }

    void add_middlewares(platform::Middlewares& chain) override {
        chain.push_back(std::make_unique<platform::ApiVersion>());
        if (global_) chain.push_back(std::make_unique<platform::RateLimit>(global_));
    }
    void add_routes(platform::Router& router, runtime::RouteTools& tools) override {
        orders::add_routes(router, context_, tools, limits_);
    }
    void add_consumers(runtime::Consumers& consumers) override { orders::add_consumers(consumers, context_); }
    void add_workflows(runtime::Workflows& workflows) override { add_order_processing(workflows, context_); }

  private:
    runtime::ServiceContext& context_;
    std::shared_ptr<RateLimiter> global_;
    RouteLimits limits_;
};

std::unique_ptr<runtime::Service> make(runtime::ServiceContext& context) {
    return std::make_unique<OrderService>(context);
}

}  // namespace

const runtime::ServiceType kOrders = {.name = "orders",
                                      .title = "OrdersService",
                                      .domain = "orders",
                                      .summary = "orders, from the first request to completion",
                                      .migrations = migrations(),
                                      .error_shape = platform::error_shapes::orders,
                                      .make = make};

}  // namespace loadgen::services::orders
