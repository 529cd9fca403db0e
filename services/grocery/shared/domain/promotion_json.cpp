#include "services/grocery/shared/domain/promotion_json.hpp"

namespace loadgen::services::grocery {
namespace {

void write_optional(text::JsonWriter& out, std::string_view name, std::string_view value) {
    if (!value.empty()) out.key(name).string(value);
}

}  // namespace

void write_promotion(text::JsonWriter& out, const Promotion& promotion) {
    out.key("promotionId").string(promotion.promotion_id);
    out.key("retailerId").string(promotion.retailer_id);
    out.key("productName").string(promotion.product_name);
    write_optional(out, "brand", promotion.brand);
    out.key("category").string(promotion.category);
    write_optional(out, "description", promotion.description);
    write_optional(out, "unit", promotion.unit);
    out.key("originalPriceCents").integer(promotion.original_price_cents);
    out.key("offerPriceCents").integer(promotion.offer_price_cents);
    write_optional(out, "discountText", promotion.discount_text);
    out.key("validFrom").string(format_day(promotion.valid_from));
    out.key("validUntil").string(format_day(promotion.valid_until));
    write_optional(out, "imageUrl", promotion.image_url);
    out.key("importedAt").string(format_ms(promotion.imported_ms));
}

}  // namespace loadgen::services::grocery
