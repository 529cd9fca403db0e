#include "services/loyalty/service.hpp"

#include "services/loyalty/events/handlers.hpp"
#include "services/loyalty/http/routes.hpp"
#include "services/loyalty/store/accounts.hpp"

namespace loadgen::services::loyalty {
namespace {

constexpr Nanos kSweepInterval = std::chrono::seconds(1);

class LoyaltyService final : public runtime::Service {
  public:
    explicit LoyaltyService(runtime::ServiceContext& context) : context_(context), feed_(context) {}

    void add_routes(platform::Router& router, runtime::RouteTools& tools) override {
        loyalty::add_routes(router, context_, tools, feed_);
    }
    void add_consumers(runtime::Consumers& consumers) override { loyalty::add_consumers(consumers, feed_); }
    void add_jobs(runtime::Jobs& jobs) override {
        jobs.every("points feed", kSweepInterval, [this] { feed_.sweep(); });
        feed_.wake();
    }
    Result<void> seed(runtime::Transaction& transaction) override {
        return store::add_change_consumer(transaction.tables(), kPointsConsumer);
    }

  private:
    runtime::ServiceContext& context_;
    PointsFeed feed_;
};

std::unique_ptr<runtime::Service> make(runtime::ServiceContext& context) {
    return std::make_unique<LoyaltyService>(context);
}

}  // namespace

const runtime::ServiceType kLoyalty = {.name = "loyalty",
                                       .title = "LoyaltyService",
                                       .domain = "loyalty",
                                       .summary = "points for users and their orders",
                                       .migrations = migrations(),
                                       .error_shape = platform::error_shapes::loyalty,
                                       .make = make};

}  // namespace loadgen::services::loyalty
