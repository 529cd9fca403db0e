#include "services/pricing/service.hpp"

#include "services/pricing/events/handlers.hpp"
#include "services/pricing/http/routes.hpp"

namespace loadgen::services::pricing {
namespace {

/// Keeps nothing but its outbox and inbox.
class PricingService final : public runtime::Service {
  public:
    explicit PricingService(runtime::ServiceContext& context) : context_(context) {}

    void add_routes(platform::Router& router, runtime::RouteTools& /*tools*/) override {
        pricing::add_routes(router, context_);
    }
    void add_consumers(runtime::Consumers& consumers) override {
        pricing::add_consumers(consumers, context_);
    }

  private:
    runtime::ServiceContext& context_;
};

std::unique_ptr<runtime::Service> make(runtime::ServiceContext& context) {
    return std::make_unique<PricingService>(context);
}

}  // namespace

const runtime::ServiceType kPricing = {.name = "pricing",
                                       .title = "PricingService",
                                       .domain = "pricing",
                                       .summary = "quantity discounts for every product",
                                       .migrations = {},
                                       .error_shape = platform::error_shapes::message,
                                       .make = make};

}  // namespace loadgen::services::pricing
