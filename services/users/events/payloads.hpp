// The `data` of the events that the users service tells and hears.
#pragma once

#include <string>

#include "common/base/result.hpp"

namespace loadgen::services::users {

std::string user_created(std::string_view id);

struct CompletedOrder {
    std::string order_number;
    std::string user_id;
};
Result<CompletedOrder> read_completed_order(std::string_view data);

}  // namespace loadgen::services::users
