#include "services/search/events/payloads.hpp"

#include "common/text/json_reader.hpp"
#include "services/contracts/payload.hpp"

namespace loadgen::services::search {

Result<std::string> read_product_id(std::string_view data) {
    contracts::Payload payload(data);
    std::string id = payload.text("productId");
    if (!payload.ok()) return payload.error();
    return id;
}

Result<StockLevel> read_stock_level(std::string_view data) {
    contracts::Payload payload(data);
    StockLevel level{payload.text("productId"), payload.number("newStockLevel"), 0};
    level.version = static_cast<std::int64_t>(payload.optional_number("version").value_or(0));
    if (!payload.ok()) return payload.error();
    return level;
}

Result<Pricing> read_pricing(std::string_view data) {
    contracts::Payload payload(data);
    Pricing pricing{payload.text("productId"), std::nullopt, payload.optional_number("price")};
    for (contracts::Payload& bracket : payload.objects("priceBrackets")) {
        const BulkPrice price{bracket.integer("quantity"), bracket.number("price")};
        if (!bracket.ok()) return bracket.error();
        const bool better = !pricing.best || price.price < pricing.best->price ||
                            (price.price == pricing.best->price && price.quantity < pricing.best->quantity);
        if (better) pricing.best = price;
    }
    if (!payload.ok()) return payload.error();
    return pricing;
}

Result<ListedProduct> read_catalogue_product(std::string_view body) {
    text::JsonDocument document({.max_bytes = 256 * 1024, .max_depth = 16});
    const auto root = document.parse(body);
    if (!root) return root.error();
    const auto data = root->find("data");
    const auto member = [&data](std::string_view name) { return data ? data->find(name) : std::nullopt; };
    const auto id = member("productId");
    const auto name = member("name");
    const auto price = member("price");
    const auto id_text = id ? id->as_string() : std::nullopt;
    const auto name_text = name ? name->as_string() : std::nullopt;
    const auto number = price ? price->as_double() : std::nullopt;
    if (!id_text || !name_text || !number) {
        return Error{ErrorCode::kSyntax, "the catalogue's answer has no productId, name and price"};
    }
    return ListedProduct{std::string(*id_text), std::string(*name_text), *number};
}

}  // namespace loadgen::services::search
