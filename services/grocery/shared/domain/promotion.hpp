// An offer of a retailer, and the rules it has to keep.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/grocery/shared/domain/calendar.hpp"

namespace loadgen::services::grocery {

/// Prices are whole cents, days inclusive.
struct Promotion {
    std::string promotion_id;  ///< "{retailerId}-{sourceId}"
    std::string retailer_id;
    std::string product_name;
    std::string brand;
    std::string category;
    std::string description;
    std::string unit;
    std::int64_t original_price_cents = 0;
    std::int64_t offer_price_cents = 0;
    std::string discount_text;
    Day valid_from;
    Day valid_until;
    std::string image_url;
    std::int64_t imported_ms = 0;
};

std::string promotion_id_of(std::string_view retailer_id, std::string_view source_id);
/// What stands before the first '-': retailers' ids have none. Empty when there is none.
std::string_view retailer_of(std::string_view promotion_id);
/// 1 to 64 letters, digits, '.', '_' or '-'.
bool is_identifier(std::string_view text);

/// What breaks a rule ("offerPriceCents must not be above originalPriceCents"), or none. Texts have been
/// measured before.
std::optional<std::string> check_promotion(const Promotion& promotion);

}  // namespace loadgen::services::grocery
