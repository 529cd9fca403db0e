#include "services/grocery/users/events/offers_found.hpp"

#include "common/text/json_reader.hpp"

namespace loadgen::services::grocery::users {
namespace {

constexpr text::JsonLimits kLimits{.max_bytes = 4 << 20, .max_depth = 16};

Error not_an_answer() {
    return {ErrorCode::kSyntax, "search: the answer is not a page of offers"};
}

std::optional<OfferFound> read_offer(const text::JsonValue& value) {
    const auto id = value.find("promotionId");
    const auto price = value.find("offerPriceCents");
    const auto until = value.find("validUntil");
    if (!id || !price || !until || !id->as_string() || !price->as_int() || !until->as_string())
        return std::nullopt;
    const auto day = parse_day(*until->as_string());
    if (!day) return std::nullopt;
    return OfferFound{std::string(*id->as_string()), *price->as_int(), *day};
}

}  // namespace

Result<OffersFound> read_offers(std::string_view body) {
    text::JsonDocument document(kLimits);
    const auto root = document.parse(body);
    if (!root) return with_context("search: ", root.error());
    const auto total = root->find("total");
    const auto items = root->find("items");
    if (!total || !total->as_int() || !items || items->kind() != text::JsonKind::kArray)
        return not_an_answer();
    OffersFound found{*total->as_int(), {}};
    bool sound = true;
    items->for_each_element([&](text::JsonValue element) {
        auto offer = read_offer(element);
        sound = offer.has_value();
        if (offer) found.offers.push_back(std::move(*offer));
        return sound;
    });
    if (!sound) return not_an_answer();
    return found;
}

}  // namespace loadgen::services::grocery::users
