// The routes of the lists service.
#pragma once

#include "services/grocery/shared/http/feeds.hpp"
#include "services/runtime/service.hpp"

namespace loadgen::services::grocery::lists {

void add_list_routes(platform::Router& router, runtime::ServiceContext& context, runtime::RouteTools& tools);
void add_item_routes(platform::Router& router, runtime::ServiceContext& context);
void add_member_routes(platform::Router& router, runtime::ServiceContext& context);
void add_change_routes(platform::Router& router, runtime::RouteTools& tools);

}  // namespace loadgen::services::grocery::lists
