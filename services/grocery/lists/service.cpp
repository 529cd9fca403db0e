#include "services/grocery/lists/service.hpp"

#include "services/grocery/lists/http/routes.hpp"
#include "services/grocery/lists/store/lists.hpp"
#include "services/grocery/shared/store/mono_table.hpp"

namespace loadgen::services::grocery::lists {
namespace {

constexpr Nanos kForgetInterval = std::chrono::minutes(1);

class ListsService final : public runtime::Service {
  public:
    explicit ListsService(runtime::ServiceContext& context) : context_(context) {}

    void add_routes(platform::Router& router, runtime::RouteTools& tools) override {
        add_list_routes(router, context_, tools);
        add_item_routes(router, context_);
        add_member_routes(router, context_);
        add_change_routes(router, tools);
    }
    void add_jobs(runtime::Jobs& jobs) override {
        jobs.every("forget old changes", kForgetInterval, [this] { forget(); });
    }

  private:
    void forget() {
        const std::int64_t now_ms = context_.clock().wall_now().unix_ns / 1'000'000;
        context_.store().write([now_ms](store::Statements& tables) { return erase_expired(tables, now_ms); },
                               [](Result<void> /*tried again in a minute*/) {});
    }

    runtime::ServiceContext& context_;
};

std::unique_ptr<runtime::Service> make(runtime::ServiceContext& context) {
    return std::make_unique<ListsService>(context);
}

}  // namespace

const runtime::ServiceType kLists = {.name = "grocery-lists",
                                     .title = "GroceryListsService",
                                     .domain = "grocery",
                                     .summary = "shopping lists shared as they change",
                                     .migrations = migrations(),
                                     .error_shape = platform::error_shapes::message,
                                     .make = make,
                                     .cors_methods = "GET,POST,PUT,PATCH,DELETE,OPTIONS"};

}  // namespace loadgen::services::grocery::lists
