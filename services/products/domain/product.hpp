// What a product is, and which details are allowed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace loadgen::services::products {

/// What one of `quantity` costs when that many are ordered.
struct PriceBracket {
    std::int64_t quantity = 0;
    double price = 0;
    friend bool operator==(const PriceBracket&, const PriceBracket&) = default;
};

struct Product {
    std::string id;
    std::string name;
    double price = 0;
    double stock_level = 0;
    std::vector<PriceBracket> brackets;
};

/// The upper-cased name without its spaces: "Flat White" is FLATWHITE. The id of a product never changes.
std::string product_id_of(std::string_view name);

/// None when the details are allowed: a name of more than 3 bytes, not all of them spaces, and a
/// price above 0. Else the reason.
std::optional<std::string> check_details(std::string_view name, double price);

}  // namespace loadgen::services::products
