#include "services/loyalty/domain/points.hpp"

#include <string_view>
#include <utility>

namespace loadgen::services::loyalty {
namespace {

constexpr std::int64_t kNewUserPoints = 100;
constexpr std::int64_t kCompletedOrderPoints = 50;
constexpr std::string_view kNewUserKey = "new-user";

}  // namespace

Grant new_user_grant(std::string user_id) {
    return {std::move(user_id), kNewUserPoints, std::string(kNewUserKey)};
}

Grant completed_order_grant(std::string user_id, std::string order_id) {
    return {std::move(user_id), kCompletedOrderPoints, std::move(order_id)};
}

std::optional<std::int64_t> balance_after_spending(std::int64_t balance, std::int64_t wanted) {
    if (balance < wanted) return std::nullopt;
    return balance - wanted;
}

}  // namespace loadgen::services::loyalty
