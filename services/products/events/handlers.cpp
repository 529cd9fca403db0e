#include "services/products/events/handlers.hpp"

#include "services/products/events/payloads.hpp"
#include "services/products/store/products.hpp"

namespace loadgen::services::products {
namespace {

using contracts::Event;
using runtime::ServiceContext;
using runtime::Transaction;

/// Others' news in our own words: what happens inside this service hears private events only.
Result<void> translate_stock(Transaction& transaction, const Event& event) {
    auto level = read_stock_level(event.data, "newStockLevel");
    if (!level) return std::move(level).error();
    transaction.span().set("product.id", level->product_id);
    return transaction.publish({.type = "product.stockUpdated", .data = stock_updated(*level)});
}

Result<void> translate_pricing(Transaction& transaction, const Event& event) {
    auto pricing = read_pricing(event.data);
    if (!pricing) return std::move(pricing).error();
    transaction.span().set("product.id", pricing->product_id);
    return transaction.publish({.type = "product.pricingChanged", .data = pricing_changed(*pricing)});
}

/// Tells the public that a product was created, updated or deleted, and which; details are asked for by HTTP.
Result<void> tell_public(Transaction& transaction, const Event& event) {
    auto id = read_product_id(event.data);
    if (!id) return std::move(id).error();
    transaction.span().set("product.id", *id);
    const std::string type = event.type + ".v1";
    return transaction.publish({.type = type, .data = product_named(*id)});
}

/// A product may have been deleted since; that is no reason to hear the news again.
void note_dropped(const ServiceContext& context, const Event& event, std::string_view product_id) {
    context.meter().counter("products.news.dropped", "{event}").add();
    context.logger().log(telemetry::LogLevel::kWarn,
                         "news of a product that is not in the catalogue: dropped",
                         {{"product", product_id}, {"event", std::string_view(event.id)}});
}

Result<void> take_stock(const ServiceContext& context, Transaction& transaction, const Event& event) {
    auto level = read_stock_level(event.data, "stockLevel");
    if (!level) return std::move(level).error();
    transaction.span().set("product.id", level->product_id);
    auto known = set_stock_level(transaction.tables(), level->product_id, level->level, level->version);
    if (!known) return std::move(known).error();
    if (!*known) note_dropped(context, event, level->product_id);
    return {};
}

Result<void> take_pricing(const ServiceContext& context, Transaction& transaction, const Event& event) {
    auto pricing = read_pricing(event.data);
    if (!pricing) return std::move(pricing).error();
    transaction.span().set("product.id", pricing->product_id);
    auto known =
        replace_brackets(transaction.tables(), pricing->product_id, pricing->brackets, pricing->price);
    if (!known) return std::move(known).error();
    if (!*known) note_dropped(context, event, pricing->product_id);
    return {};
}

}  // namespace

void add_consumers(runtime::Consumers& consumers, ServiceContext& context) {
    consumers.on({.queue = "ProductStockUpdatedEventQueue", .types = {"inventory.stockUpdated.v1"}},
                 translate_stock);
    consumers.on({.queue = "ProductPriceCalculatedQueue", .types = {"pricing.pricingCalculated.v1"}},
                 translate_pricing);
    consumers.on({.queue = "ProductPublicEventPublisher",
                  .types = {"product.productCreated", "product.productUpdated", "product.productDeleted"}},
                 tell_public);
    consumers.on({.queue = "ProductService-InventoryStockUpdated", .types = {"product.stockUpdated"}},
                 [&context](Transaction& transaction, const Event& event) {
                     return take_stock(context, transaction, event);
                 });
    consumers.on({.queue = "ProductService-PriceCalculated", .types = {"product.pricingChanged"}},
                 [&context](Transaction& transaction, const Event& event) {
                     return take_pricing(context, transaction, event);
                 });
}

}  // namespace loadgen::services::products
