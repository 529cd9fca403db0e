// An order of the ninja set, and how it is told in words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace loadgen::services::ninja::orders {

inline constexpr std::size_t kMaxCustomerName = 20;  // characters

struct Order {
    std::string id;  ///< uuid
    std::string customer_name;
    std::int64_t item_count = 0;  ///< above 0
};

/// "Order 0d9c... created".
std::string subject_of(const Order& order);
/// One line each for id, customer and quantity.
std::string message_of(const Order& order);

}  // namespace loadgen::services::ninja::orders
