#include "services/search/service.hpp"

#include "services/search/events/handlers.hpp"
#include "services/search/http/routes.hpp"
#include "services/search/store/catalogue_copy.hpp"

namespace loadgen::services::search {
namespace {

class SearchService final : public runtime::Service {
  public:
    explicit SearchService(runtime::ServiceContext& context) : context_(context) {}

    void add_routes(platform::Router& router, runtime::RouteTools& tools) override {
        search::add_routes(router, tools);
    }
    void add_consumers(runtime::Consumers& consumers) override { search::add_consumers(consumers, context_); }

  private:
    runtime::ServiceContext& context_;
};

std::unique_ptr<runtime::Service> make(runtime::ServiceContext& context) {
    return std::make_unique<SearchService>(context);
}

}  // namespace

const runtime::ServiceType kSearch = {.name = "search",
                                      .title = "ProductSearchService",
                                      .domain = "search",
                                      .summary = "full-text search over the catalogue",
                                      .migrations = migrations(),
                                      .error_shape = platform::error_shapes::error,
                                      .make = make};

}  // namespace loadgen::services::search
