// What search reads: the `data` of events, and the catalogue's answers.
#pragma once

#include "common/base/result.hpp"
#include "services/search/store/catalogue_copy.hpp"

namespace loadgen::services::search {

// kSyntax, naming the member, when something is missing or of another kind.

Result<std::string> read_product_id(std::string_view data);
Result<StockLevel> read_stock_level(std::string_view data);
Result<Pricing> read_pricing(std::string_view data);

/// The body of the catalogue's answer to GET /product/{id}.
Result<ListedProduct> read_catalogue_product(std::string_view body);

}  // namespace loadgen::services::search
