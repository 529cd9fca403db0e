// The `data` of the events that loyalty reads and writes.
#pragma once

#include <string_view>

#include "common/base/result.hpp"
#include "services/loyalty/domain/points.hpp"

namespace loadgen::services::loyalty {

// kSyntax, naming the member, when something is missing or of another kind.
Result<Grant> read_new_user(std::string_view data);         ///< users.userCreated.v1
Result<Grant> read_completed_order(std::string_view data);  ///< orders.orderCompleted.v1

std::string points_added_v1(const PointsChange& change);
std::string points_added_v2(const PointsChange& change);

}  // namespace loadgen::services::loyalty
