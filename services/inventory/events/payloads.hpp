// The `data` of the events that the inventory tells and hears.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "services/inventory/domain/stock.hpp"

namespace loadgen::services::inventory {

/// `version` tells listeners which of two is the later.
std::string stock_updated(const Stock& before, const Stock& now);
/// What stockReserved and stockReservationFailed say.
std::string reservation(std::string_view order_number, std::string_view conversation_id);
/// {"productId":...}: outOfStock, productAdded, and the input of the ordering workflow.
std::string product_named(std::string_view product_id);

struct CreatedOrder {
    std::string order_number;
    std::vector<std::string> products;  ///< each once: an order takes one piece of a product
};
Result<CreatedOrder> read_created_order(std::string_view data);
Result<std::string> read_order_number(std::string_view data);
Result<std::string> read_product_id(std::string_view data);
/// The ids in the catalogue's answer to GET /product.
Result<std::vector<std::string>> read_catalogue(std::string_view body);

}  // namespace loadgen::services::inventory
