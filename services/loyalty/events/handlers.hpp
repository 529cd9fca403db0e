// Points for those who register and for those who complete orders.
#pragma once

#include "services/loyalty/events/points_feed.hpp"

namespace loadgen::services::loyalty {

/// `feed` outlives the consumers.
void add_consumers(runtime::Consumers& consumers, PointsFeed& feed);

}  // namespace loadgen::services::loyalty
