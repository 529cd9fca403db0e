// The eight routes of the users service.
#pragma once

#include "services/grocery/shared/http/feeds.hpp"
#include "services/grocery/users/domain/push_endpoint.hpp"
#include "services/runtime/service.hpp"

namespace loadgen::services::grocery::users {

void add_profile_routes(platform::Router& router, runtime::ServiceContext& context,
                        runtime::RouteTools& tools, PushReach reach);
void add_favourite_routes(platform::Router& router, runtime::ServiceContext& context,
                          runtime::RouteTools& tools);
void add_notification_routes(platform::Router& router, runtime::RouteTools& tools);

}  // namespace loadgen::services::grocery::users
