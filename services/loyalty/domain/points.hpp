// What earns points, and when they may be spent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace loadgen::services::loyalty {

struct Account {
    std::string user_id;
    std::int64_t points = 0;
    std::int64_t version = 0;  ///< how often the points have changed
};

/// Points for a reason. The same reason counts once an account.
struct Grant {
    std::string user_id;
    std::int64_t points = 0;
    std::string key;  ///< names the reason
};

/// For having registered.
Grant new_user_grant(std::string user_id);
/// For a completed order, named by its id.
Grant completed_order_grant(std::string user_id, std::string order_id);

/// The balance that is left, or none when there are not enough points. `wanted` is at least 1.
std::optional<std::int64_t> balance_after_spending(std::int64_t balance, std::int64_t wanted);

/// An account as a change left it, and what it had before.
struct PointsChange {
    std::string user_id;
    std::int64_t total = 0;
    std::int64_t difference = 0;  ///< negative when points were spent
};

}  // namespace loadgen::services::loyalty
