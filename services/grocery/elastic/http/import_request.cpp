#include "services/grocery/elastic/http/import_request.hpp"

#include <set>

#include "services/platform/field_reader.hpp"

namespace loadgen::services::grocery::elastic {
namespace {

using platform::FieldReader;
using platform::TextRule;

constexpr TextRule kName{.min = 1, .max = 200};
constexpr TextRule kShort{.min = 0, .max = 100};
constexpr TextRule kLong{.min = 0, .max = 2000, .lines = true};
constexpr std::int64_t kMaxCents = 100'000'000;

Day read_day(FieldReader& fields, std::string_view name) {
    const std::string text = fields.string(name);
    const auto day = parse_day(text);
    if (!day && !text.empty()) fields.refuse(name, "must be a calendar date in the format yyyy-mm-dd");
    return day.value_or(Day());
}

Promotion read_promotion(FieldReader& fields, const std::string& retailer_id) {
    const auto optional = [&](std::string_view name, const TextRule& rule) {
        return fields.optional_string(name, rule).value_or(std::string());
    };
    const std::string source_id = fields.string("sourceId", {.min = 1, .max = 64});
    if (!source_id.empty() && !is_identifier(source_id))
        fields.refuse("sourceId", "must be letters, digits, '.', '_' or '-'");
    Promotion promotion;
    promotion.promotion_id = promotion_id_of(retailer_id, source_id);
    promotion.retailer_id = retailer_id;
    promotion.product_name = fields.string("productName", kName);
    promotion.brand = optional("brand", kShort);
    promotion.category = fields.string("category", {.min = 1, .max = 100});
    promotion.description = optional("description", kLong);
    promotion.unit = optional("unit", kShort);
    // The rules about prices are the domain's, except that they must be numbers.
    promotion.original_price_cents =
        fields.integer("originalPriceCents", {.min = -kMaxCents, .max = kMaxCents});
    promotion.offer_price_cents = fields.integer("offerPriceCents", {.min = -kMaxCents, .max = kMaxCents});
    promotion.discount_text = optional("discountText", kShort);
    promotion.valid_from = read_day(fields, "validFrom");
    promotion.valid_until = read_day(fields, "validUntil");
    promotion.image_url = optional("imageUrl", {.min = 0, .max = 500});
    return promotion;
}

}  // namespace

void sort_out(Batch& batch, const text::JsonValue& promotions) {
    std::set<std::string> seen;
    std::size_t index = 0;
    promotions.for_each_element([&](text::JsonValue element) {
        const std::size_t place = index++;
        if (element.kind() != text::JsonKind::kObject) {
            batch.rejected.push_back({place, "must be an object"});
            return true;
        }
        platform::Problems problems;
        FieldReader fields(element, "", problems);
        Promotion promotion = read_promotion(fields, batch.retailer_id);
        if (!problems.empty()) {
            batch.rejected.push_back({place, platform::join_problems(problems)});
        } else if (auto broken = check_promotion(promotion)) {
            batch.rejected.push_back({place, std::move(*broken)});
        } else if (!seen.insert(promotion.promotion_id).second) {
            batch.rejected.push_back({place, "sourceId comes twice in this batch"});
        } else {
            batch.promotions.push_back(std::move(promotion));
        }
        return true;
    });
}

}  // namespace loadgen::services::grocery::elastic
