// Orders as clients see them.
#pragma once

#include <optional>
#include <vector>

#include "services/orders/domain/order.hpp"
#include "services/platform/answers.hpp"

namespace loadgen::services::orders {

http::Response order_answer(int status, const Order& order);
/// One page; `orders` holds one more than fit when there are more.
http::Response page_answer(std::vector<Order> orders, std::size_t page_size);

}  // namespace loadgen::services::orders
