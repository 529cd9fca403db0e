#include "services/grocery/elastic/service.hpp"

#include "services/grocery/elastic/events/imports.hpp"
#include "services/grocery/elastic/events/item_events.hpp"
#include "services/grocery/elastic/http/routes.hpp"
#include "services/grocery/elastic/store/promotions.hpp"
#include "services/grocery/seed/demo.hpp"

namespace loadgen::services::grocery::elastic {
namespace {

constexpr Nanos kTellInterval = std::chrono::milliseconds(250);
constexpr Nanos kForgetInterval = std::chrono::minutes(10);
constexpr std::chrono::days kKeepEnded{30};
constexpr std::int64_t kKeepBatchesMs = 30LL * 24 * 3600 * 1000;
constexpr std::size_t kMaxBodyBytes = 1024 * 1024;

class ElasticService final : public runtime::Service {
  public:
    explicit ElasticService(runtime::ServiceContext& context) : context_(context), events_(context) {}

    void add_routes(platform::Router& router, runtime::RouteTools& tools) override {
        add_browse_routes(router, context_, tools, events_);
        add_search_routes(router, context_, tools, events_);
        add_admin_routes(router, context_, tools);
    }
    void add_jobs(runtime::Jobs& jobs) override;
    Result<void> seed(runtime::Transaction& transaction) override;

  private:
    void forget();

    runtime::ServiceContext& context_;
    ItemEvents events_;
};

void ElasticService::add_jobs(runtime::Jobs& jobs) {
    jobs.every("tell item events", kTellInterval, [this] { events_.flush(); });
    jobs.every("forget ended offers", kForgetInterval, [this] { forget(); });
}

void ElasticService::forget() {
    const WallTime now = context_.clock().wall_now();
    const Day day = day_of(now) - kKeepEnded;
    const std::int64_t batches_before_ms = now.unix_ns / 1'000'000 - kKeepBatchesMs;
    context_.store().write(
        [day, batches_before_ms](store::Statements& tables) {
            return forget_old(tables, day, batches_before_ms);
        },
        [](Result<void> /*tried again in ten minutes*/) {});
}

Result<void> ElasticService::seed(runtime::Transaction& transaction) {
    if (!context_.settings().seed_demo) return {};
    const Day today = day_of(transaction.now());
    for (const seed::DemoRetailer& retailer : seed::demo_retailers()) {
        auto added = add_retailer(transaction.tables(), {.retailer_id = std::string(retailer.retailer_id),
                                                         .name = std::string(retailer.name),
                                                         .logo_url = seed::logo_url(retailer)});
        if (!added) return added;
        // A batch a day: a later start makes the offers valid again.
        Batch batch{.batch_id = "demo-" + std::string(retailer.retailer_id) + "-" + format_day(today),
                    .retailer_id = std::string(retailer.retailer_id),
                    .promotions = seed::demo_promotions(retailer, today),
                    .rejected = {}};
        auto answer = import_batch(transaction, batch);
        if (!answer) return std::move(answer).error();
    }
    return {};
}

std::unique_ptr<runtime::Service> make(runtime::ServiceContext& context) {
    return std::make_unique<ElasticService>(context);
}

}  // namespace

const runtime::ServiceType kElastic = {.name = "grocery-elastic",
                                       .title = "GroceryElasticService",
                                       .domain = "grocery",
                                       .summary = "offers of fifteen retailers: browse, search, import",
                                       .migrations = migrations(),
                                       .error_shape = platform::error_shapes::message,
                                       .make = make,
                                       .max_body_bytes = kMaxBodyBytes};

}  // namespace loadgen::services::grocery::elastic
