// Removes rows that have ended.
#pragma once

#include "services/runtime/service.hpp"
#include "services/store/expiry.hpp"

namespace loadgen::services::ninja {

/// Removes every row of `table` that has ended, a bounded number in one change so that others get their turn.
/// What fails is left to the next call. Any thread; `context` is the service's own.
void sweep(runtime::ServiceContext& context, const store::ExpiringTable& table);

}  // namespace loadgen::services::ninja
