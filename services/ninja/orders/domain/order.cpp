#include "services/ninja/orders/domain/order.hpp"

namespace loadgen::services::ninja::orders {

std::string subject_of(const Order& order) {
    return "Order " + order.id + " created";
}

std::string message_of(const Order& order) {
    return "Order id: " + order.id + "\nCustomer name: " + order.customer_name +
           "\nQuantity: " + std::to_string(order.item_count);
}

}  // namespace loadgen::services::ninja::orders
