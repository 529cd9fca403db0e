#include "services/search/events/handlers.hpp"

#include "common/http/url.hpp"
#include "services/search/events/payloads.hpp"

namespace loadgen::services::search {
namespace {

using contracts::Event;
using runtime::Incoming;
using runtime::ServiceContext;
using runtime::Transaction;
using IncomingPtr = std::shared_ptr<Incoming>;

constexpr int kOk = 200;
constexpr int kNotFound = 404;
constexpr Nanos kVisibility = std::chrono::seconds(174);

/// That something newer is known is no failure.
Result<void> ignore_whether(Result<bool> changed) {
    if (!changed) return std::move(changed).error();
    return {};
}

void unlist(const IncomingPtr& incoming, const std::string& id, WallTime asked) {
    incoming->apply([id, asked](Transaction& transaction, const Event& /*event*/) {
        return ignore_whether(unlist_product(transaction.tables(), id, asked));
    });
}

void take_answer(const IncomingPtr& incoming, const std::string& id, WallTime asked,
                 Result<http::Response> answer) {
    if (!answer) return incoming->fail(std::move(answer).error());
    if (answer->status == kNotFound) return unlist(incoming, id, asked);
    if (answer->status != kOk) {
        return incoming->fail({ErrorCode::kIo, "the catalogue answers " + std::to_string(answer->status)});
    }
    auto product = read_catalogue_product(answer->body);
    if (!product) return incoming->fail(std::move(product).error());
    incoming->apply([product = std::move(*product), asked](Transaction& transaction, const Event& /*event*/) {
        return ignore_whether(list_product(transaction.tables(), product, asked));
    });
}

/// Asks the catalogue what it has under that id. Also for deletions: the product may be back by now, and its
/// news may have overtaken this one.
void refresh(IncomingPtr incoming, ServiceContext& context) {
    auto id = read_product_id(incoming->event().data);
    if (!id) return incoming->fail(std::move(id).error());
    incoming->span().set("product.id", *id);
    const telemetry::SpanContext parent = incoming->span().context();
    const WallTime asked = context.clock().wall_now();
    const std::string path = "/product/" + http::percent_encode(*id);
    context.peers().get(
        "products", path, parent,
        [incoming = std::move(incoming), id = std::move(*id), asked](Result<http::Response> answer) {
            take_answer(incoming, id, asked, std::move(answer));
        });
}

Result<void> take_stock(Transaction& transaction, const Event& event) {
    const auto stock = read_stock_level(event.data);
    if (!stock) return stock.error();
    transaction.span().set("product.id", stock->product_id);
    return ignore_whether(set_stock_level(transaction.tables(), *stock, event.time));
}

Result<void> take_pricing(Transaction& transaction, const Event& event) {
    const auto pricing = read_pricing(event.data);
    if (!pricing) return pricing.error();
    transaction.span().set("product.id", pricing->product_id);
    return ignore_whether(set_bulk_price(transaction.tables(), *pricing, event.time));
}

runtime::Subscription subscription(std::string queue, std::string_view type) {
    return {.queue = std::move(queue), .types = {type}, .visibility_timeout = kVisibility};
}

}  // namespace

void add_consumers(runtime::Consumers& consumers, ServiceContext& context) {
    const auto ask = [&context](IncomingPtr incoming) { refresh(std::move(incoming), context); };
    consumers.on_async(subscription("ProductSearch-ProductCreated", "product.productCreated.v1"), ask);
    consumers.on_async(subscription("ProductSearch-ProductUpdated", "product.productUpdated.v1"), ask);
    consumers.on_async(subscription("ProductSearch-ProductDeleted", "product.productDeleted.v1"), ask);
    consumers.on(subscription("ProductSearch-PricingCalculated", "pricing.pricingCalculated.v1"),
                 take_pricing);
    consumers.on(subscription("ProductSearch-StockUpdated", "inventory.stockUpdated.v1"), take_stock);
}

}  // namespace loadgen::services::search
