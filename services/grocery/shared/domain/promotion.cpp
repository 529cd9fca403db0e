#include "services/grocery/shared/domain/promotion.hpp"

#include <algorithm>

namespace loadgen::services::grocery {
namespace {

constexpr std::size_t kMaxIdentifier = 64;

bool may_identify(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '.' || letter == '_' || letter == '-';
}

}  // namespace

std::string promotion_id_of(std::string_view retailer_id, std::string_view source_id) {
    return std::string(retailer_id).append("-").append(source_id);
}

std::string_view retailer_of(std::string_view promotion_id) {
    const std::size_t dash = promotion_id.find('-');
    return dash == std::string_view::npos ? std::string_view() : promotion_id.substr(0, dash);
}

bool is_identifier(std::string_view text) {
    return !text.empty() && text.size() <= kMaxIdentifier &&
           std::all_of(text.begin(), text.end(), may_identify);
}

std::optional<std::string> check_promotion(const Promotion& promotion) {
    if (promotion.product_name.empty()) return "productName must not be empty";
    if (promotion.original_price_cents <= 0) return "originalPriceCents must be above 0";
    if (promotion.offer_price_cents <= 0) return "offerPriceCents must be above 0";
    if (promotion.offer_price_cents > promotion.original_price_cents)
        return "offerPriceCents must not be above originalPriceCents";
    if (promotion.valid_from > promotion.valid_until) return "validFrom must not be after validUntil";
    return std::nullopt;
}

}  // namespace loadgen::services::grocery
