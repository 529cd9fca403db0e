// The `data` of the events that the catalogue tells and hears.
#pragma once

#include <optional>
#include <string>

#include "common/base/result.hpp"
#include "services/products/domain/product.hpp"

namespace loadgen::services::products {

/// Of two levels of a product the one with the higher version is the later; 0 when the sender tells none.
struct StockLevel {
    std::string product_id;
    double level = 0;
    std::int64_t version = 0;
};

struct Pricing {
    std::string product_id;
    std::vector<PriceBracket> brackets;
    std::optional<double> price;  ///< that they were worked out from, when the sender tells it
};

std::string product_created(const Product& product);
/// Both always carry name and price, changed or not.
std::string product_updated(const Product& before, const Product& after);
/// {"productId":...}: what the public events say, and the private one of a deletion.
std::string product_named(std::string_view id);
std::string stock_updated(const StockLevel& level);
std::string pricing_changed(const Pricing& pricing);

/// What an event says about a product; a member that the event must have and lacks is an error.
Result<std::string> read_product_id(std::string_view data);
/// `member` is "newStockLevel" in the public event, "stockLevel" in ours.
Result<StockLevel> read_stock_level(std::string_view data, std::string_view member);
Result<Pricing> read_pricing(std::string_view data);

}  // namespace loadgen::services::products
