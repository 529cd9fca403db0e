// The inbox of a service: which events it has handled, kept in its own database and written in the
// transaction of their effects.
#pragma once

#include <string_view>

#include "services/store/store.hpp"

namespace loadgen::services::runtime {

/// The table; an idempotent script.
extern const std::string_view kInboxSchema;

inline constexpr Nanos kInboxRetention = std::chrono::hours(48);

/// Notes that `queue` handles `key`. False when it has done so before: leave everything as it is then.
Result<bool> first_time(store::Statements& tables, std::string_view queue, std::string_view key,
                        WallTime now);

/// A change that drops a bounded number of notes older than the retention.
store::Store::Change forget_handled(WallTime now);

}  // namespace loadgen::services::runtime
