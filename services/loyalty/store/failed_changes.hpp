// Changes of accounts that nobody could be told of: kept for a person to look at.
#pragma once

#include <string_view>

#include "services/store/change_stream.hpp"

namespace loadgen::services::loyalty {

extern const std::string_view kFailedChangesSchema;

/// What the table stands for, in logs.
inline constexpr std::string_view kFailureQueue = "LoyaltyPointsUpdatedFailureDLQ";

Result<void> keep_failed_change(store::Statements& tables, const store::ChangeRecord& change,
                                std::string_view why, std::int64_t now_ms);

}  // namespace loadgen::services::loyalty
