#include "services/inventory/service.hpp"

#include "services/inventory/events/handlers.hpp"
#include "services/inventory/http/routes.hpp"
#include "services/inventory/store/stock_table.hpp"

namespace loadgen::services::inventory {
namespace {

constexpr Nanos kRefreshInterval = std::chrono::minutes(5);

class InventoryService final : public runtime::Service {
  public:
    explicit InventoryService(runtime::ServiceContext& context)
        : context_(context),
          random_(context.settings().random_seed != 0 ? context.settings().random_seed : entropy_seed()) {}

    void add_routes(platform::Router& router, runtime::RouteTools& tools) override {
        inventory::add_routes(router, context_, tools);
    }
    void add_consumers(runtime::Consumers& consumers) override { inventory::add_consumers(consumers); }
    void add_workflows(runtime::Workflows& workflows) override { add_ordering(workflows, random_); }
    void add_jobs(runtime::Jobs& jobs) override {
        jobs.every("refresh", kRefreshInterval, [this] { refresh(context_); });
    }

  private:
    runtime::ServiceContext& context_;
    Random random_;  // of the writing thread
};

std::unique_ptr<runtime::Service> make(runtime::ServiceContext& context) {
    return std::make_unique<InventoryService>(context);
}

}  // namespace

const runtime::ServiceType kInventory = {.name = "inventory",
                                         .title = "InventoryService",
                                         .domain = "inventory",
                                         .summary = "stock levels and reservations",
                                         .migrations = migrations(),
                                         .error_shape = platform::error_shapes::inventory,
                                         .make = make};

}  // namespace loadgen::services::inventory
