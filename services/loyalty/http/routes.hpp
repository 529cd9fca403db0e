// The routes of loyalty: one's points, and spending them.
#pragma once

#include "services/loyalty/events/points_feed.hpp"

namespace loadgen::services::loyalty {

/// `feed` outlives the routes.
void add_routes(platform::Router& router, runtime::ServiceContext& context, runtime::RouteTools& tools,
                PointsFeed& feed);

}  // namespace loadgen::services::loyalty
