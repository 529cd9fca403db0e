#include "services/products/events/payloads.hpp"

#include "common/text/json_writer.hpp"
#include "services/contracts/payload.hpp"

namespace loadgen::services::products {
namespace {

void write_details(text::JsonWriter& out, std::string_view key, const Product& product) {
    out.key(key)
        .begin_object()
        .key("name")
        .string(product.name)
        .key("price")
        .number(product.price)
        .end_object();
}

}  // namespace

std::string product_created(const Product& product) {
    std::string data;
    text::JsonWriter out(data);
    out.begin_object().key("productId").string(product.id).key("name").string(product.name);
    out.key("price").number(product.price).end_object();
    return data;
}

std::string product_updated(const Product& before, const Product& after) {
    std::string data;
    text::JsonWriter out(data);
    out.begin_object().key("productId").string(after.id);
    write_details(out, "previous", before);
    write_details(out, "new", after);
    out.end_object();
    return data;
}

std::string product_named(std::string_view id) {
    std::string data;
    text::JsonWriter(data).begin_object().key("productId").string(id).end_object();
    return data;
}

std::string stock_updated(const StockLevel& level) {
    std::string data;
    text::JsonWriter out(data);
    out.begin_object().key("productId").string(level.product_id).key("stockLevel").number(level.level);
    out.key("version").integer(level.version).end_object();
    return data;
}

std::string pricing_changed(const Pricing& pricing) {
    std::string data;
    text::JsonWriter out(data);
    out.begin_object().key("productId").string(pricing.product_id).key("priceBrackets").begin_array();
    for (const PriceBracket& bracket : pricing.brackets) {
        out.begin_object()
            .key("quantity")
            .integer(bracket.quantity)
            .key("price")
            .number(bracket.price)
            .end_object();
    }
    out.end_array();
    if (pricing.price) out.key("price").number(*pricing.price);
    out.end_object();
    return data;
}

Result<std::string> read_product_id(std::string_view data) {
    contracts::Payload payload(data);
    std::string id = payload.text("productId");
    if (!payload.ok()) return payload.error();
    return id;
}

Result<StockLevel> read_stock_level(std::string_view data, std::string_view member) {
    contracts::Payload payload(data);
    StockLevel level{payload.text("productId"), payload.number(member), 0};
    level.version = static_cast<std::int64_t>(payload.optional_number("version").value_or(0));
    if (!payload.ok()) return payload.error();
    return level;
}

Result<Pricing> read_pricing(std::string_view data) {
    contracts::Payload payload(data);
    Pricing pricing{payload.text("productId"), {}, payload.optional_number("price")};
    for (contracts::Payload& element : payload.objects("priceBrackets")) {
        pricing.brackets.push_back({element.integer("quantity"), element.number("price")});
        if (!element.ok()) return element.error();
    }
    if (!payload.ok()) return payload.error();
    return pricing;
}

}  // namespace loadgen::services::products
