// What search knows of the catalogue: names and prices as the products service told them, stock and bulk
// prices as their services announced them, and an index of the names.
//
// News come in any order. What is told of a product that is not known yet is kept for the day it is; what is
// older than what is known changes nothing. Bulk prices say which price they were worked out from, stock
// levels have versions: both count more than when something happened, which two processes may tell alike.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/search/domain/answer.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::search {

std::span<const std::string_view> migrations();

/// As the products service describes it.
struct ListedProduct {
    std::string id;
    std::string name;
    double price = 0;
};

/// As the inventory counts it; version 0 when the sender tells none.
struct StockLevel {
    std::string product_id;
    double level = 0;
    std::int64_t version = 0;
};

struct Pricing {
    std::string product_id;
    std::optional<BulkPrice> best;  ///< the cheapest bracket; of equal ones the smallest quantity
    std::optional<double> price;    ///< that it was worked out from, when the sender tells it
};

// `at` orders the news of one kind about one product: when the catalogue was asked, when an event happened.
// False when something newer is known already.

Result<bool> list_product(store::Statements& tables, const ListedProduct& product, WallTime at);
/// The catalogue does not have it, or not any more. Nobody finds it from now on.
Result<bool> unlist_product(store::Statements& tables, std::string_view id, WallTime at);
/// A higher version is newer; only without versions `at` decides.
Result<bool> set_stock_level(store::Statements& tables, const StockLevel& stock, WallTime at);
/// Counts while the product costs what it was worked out from. Of the same price the later one counts.
Result<bool> set_bulk_price(store::Statements& tables, const Pricing& pricing, WallTime at);

/// The best matches for a phrase, best first; equal ones in the order in which they became known.
Result<std::vector<FoundProduct>> find_products(store::Statements& tables, std::string_view phrase,
                                                std::size_t limit);

}  // namespace loadgen::services::search
