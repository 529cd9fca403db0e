#include "services/grocery/stats/service.hpp"

#include "services/grocery/stats/events/consumers.hpp"
#include "services/grocery/stats/events/promotion_lookup.hpp"
#include "services/grocery/stats/http/routes.hpp"
#include "services/grocery/stats/store/stats.hpp"

namespace loadgen::services::grocery::stats {
namespace {

constexpr Nanos kLookupInterval = std::chrono::seconds(1);
constexpr Nanos kForgetInterval = std::chrono::minutes(1);

class StatsService final : public runtime::Service {
  public:
    explicit StatsService(runtime::ServiceContext& context) : context_(context), lookup_(context) {}

    void add_routes(platform::Router& router, runtime::RouteTools& tools) override {
        stats::add_routes(router, context_, tools);
    }
    void add_consumers(runtime::Consumers& consumers) override { stats::add_consumers(consumers); }
    void add_jobs(runtime::Jobs& jobs) override {
        jobs.every("look promotions up", kLookupInterval, [this] { lookup_.run(); });
        jobs.every("forget old events", kForgetInterval, [this] { forget(); });
    }

  private:
    void forget() {
        const std::int64_t now_ms = context_.clock().wall_now().unix_ns / 1'000'000;
        context_.store().write([now_ms](store::Statements& tables) { return forget_events(tables, now_ms); },
                               [](Result<void> /*tried again in a minute*/) {});
    }

    runtime::ServiceContext& context_;
    PromotionLookup lookup_;
};

std::unique_ptr<runtime::Service> make(runtime::ServiceContext& context) {
    return std::make_unique<StatsService>(context);
}

}  // namespace

const runtime::ServiceType kStats = {.name = "grocery-stats",
                                     .title = "GroceryStatsService",
                                     .domain = "grocery",
                                     .summary = "what is seen, added, checked and looked for in vain",
                                     .migrations = migrations(),
                                     .error_shape = platform::error_shapes::message,
                                     .make = make};

}  // namespace loadgen::services::grocery::stats
