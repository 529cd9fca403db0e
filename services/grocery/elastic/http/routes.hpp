// The eight routes of the search service.
#pragma once

#include "services/grocery/elastic/events/item_events.hpp"
#include "services/runtime/service.hpp"

namespace loadgen::services::grocery::elastic {

void add_browse_routes(platform::Router& router, runtime::ServiceContext& context, runtime::RouteTools& tools,
                       ItemEvents& events);
void add_search_routes(platform::Router& router, runtime::ServiceContext& context, runtime::RouteTools& tools,
                       ItemEvents& events);
void add_admin_routes(platform::Router& router, runtime::ServiceContext& context, runtime::RouteTools& tools);

}  // namespace loadgen::services::grocery::elastic
