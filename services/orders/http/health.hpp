// GET /health in the words of the orders service.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::orders {

/// 200 {status,timestamp,duration,version,checks}, 503 when the store can't be read.
void answer_health(const platform::CallPtr& call, const runtime::ServiceContext& context,
                   store::Statements& reader);

}  // namespace loadgen::services::orders
