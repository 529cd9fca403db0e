// The catalogue's tables.
#pragma once

#include <optional>
#include <span>

#include "services/products/domain/product.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::products {

std::span<const std::string_view> migrations();

/// All products by name, then id; without their brackets.
Result<std::vector<Product>> list_products(store::Statements& tables);
Result<std::optional<Product>> find_product(store::Statements& tables, std::string_view id);

/// False, and nothing changes, when the id is taken.
Result<bool> insert_product(store::Statements& tables, const Product& product, std::int64_t now_ms);
Result<void> update_details(store::Statements& tables, const Product& product, std::int64_t now_ms);
/// False when there is none.
Result<bool> delete_product(store::Statements& tables, std::string_view id);

// Each touches only its own columns, so that stock, prices and details may change at the same time.
/// A version older than the last one changes nothing. False when there is no such product.
Result<bool> set_stock_level(store::Statements& tables, std::string_view id, double level,
                             std::int64_t version);
/// Brackets of another price than the product has (`price`, when it is known) change nothing.
Result<bool> replace_brackets(store::Statements& tables, std::string_view id,
                              std::span<const PriceBracket> brackets, std::optional<double> price);

}  // namespace loadgen::services::products
