// What an order is, how it may change, and what a request for one must look like.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace loadgen::services::orders {

/// Created -> Confirmed -> Completed, or Created -> NoStock, or Created -> Failed when confirming never
/// works.
enum class OrderStatus : std::int64_t {
    kCreated = 0,
    kConfirmed = 1,
    kCompleted = 2,
    kNoStock = 3,
    kFailed = 4
};
/// Premium users' orders are Priority.
enum class OrderType : std::int64_t { kStandard = 0, kPriority = 1 };

std::string_view status_name(OrderStatus status);
std::string_view type_name(OrderType type);

struct Order {
    std::string id;
    std::string user_id;
    std::vector<std::string> products;
    std::int64_t created_ms = 0;
    OrderType type = OrderType::kStandard;
    OrderStatus status = OrderStatus::kCreated;
};

inline constexpr std::size_t kMaxProducts = 50;
inline constexpr std::size_t kMaxProductId = 50;
inline constexpr std::size_t kMaxOrderId = 100;
inline constexpr std::size_t kMaxUserId = 100;

/// None when the list is 1 to 50 different ids, each 1 to 50 letters, digits, '-' or '_'; else what it must
/// be.
std::optional<std::string> check_products(const std::vector<std::string>& products);
/// 1 to 100 characters of the same alphabet.
bool is_order_id(std::string_view text);
/// 1 to 100 characters of the same alphabet, '@' and '.'.
bool is_user_id(std::string_view text);

}  // namespace loadgen::services::orders
