#include "services/pricing/events/handlers.hpp"

#include "common/http/url.hpp"
#include "common/text/json_writer.hpp"
#include "services/contracts/payload.hpp"
#include "services/pricing/domain/pricing.hpp"

namespace loadgen::services::pricing {
namespace {

using runtime::Incoming;
using runtime::ServiceContext;
using runtime::Transaction;
using IncomingPtr = std::shared_ptr<Incoming>;

constexpr int kOk = 200;
constexpr int kNotFound = 404;

void tell(const IncomingPtr& incoming, const std::string& product_id, double price) {
    incoming->apply([product_id, price](Transaction& transaction, const contracts::Event& /*event*/) {
        return transaction.publish(
            {.type = "pricing.pricingCalculated.v1", .data = pricing_calculated(product_id, price)});
    });
}

/// Does nothing, and remembers that it did.
void drop(const IncomingPtr& incoming, const ServiceContext& context, const std::string& product_id) {
    context.logger().log(telemetry::LogLevel::kWarn, "a product is gone before it was priced: dropped",
                         {{"product", std::string_view(product_id)}});
    incoming->apply([](Transaction&, const contracts::Event&) -> Result<void> { return {}; });
}

void price_product(const IncomingPtr& incoming, ServiceContext& context, const std::string& product_id,
                   double price) {
    incoming->span().set("product.price", price);
    const Mishap mishap = context.settings().pricing_chaos ? mishap_for(price) : Mishap{};
    if (mishap.fails) {
        incoming->fail({ErrorCode::kInternal, "simulated failure: prices from 90 to 95 fail"});
    } else if (mishap.delay > kHandlerLimit) {
        context.after(context.settings().scaled(kHandlerLimit), [incoming] {
            incoming->fail({ErrorCode::kInternal, "simulated delay: longer than the handler may take"});
        });
    } else if (mishap.delay.count() > 0) {
        context.logger().log(telemetry::LogLevel::kWarn, "simulated delay",
                             {{"product", std::string_view(product_id)}});
        context.after(context.settings().scaled(mishap.delay),
                      [incoming, product_id, price] { tell(incoming, product_id, price); });
    } else {
        tell(incoming, product_id, price);
    }
}

void take_answer(const IncomingPtr& incoming, ServiceContext& context, const std::string& product_id,
                 Result<http::Response> answer) {
    if (!answer) return incoming->fail(std::move(answer).error());
    if (answer->status == kNotFound) return drop(incoming, context, product_id);
    if (answer->status != kOk) {
        return incoming->fail({ErrorCode::kIo, "the catalogue answers " + std::to_string(answer->status)});
    }
    const auto price = read_catalogue_price(answer->body);
    if (!price) return incoming->fail(price.error());
    price_product(incoming, context, product_id, *price);
}

void handle(IncomingPtr incoming, ServiceContext& context) {
    contracts::Payload payload(incoming->event().data);
    const std::string product_id = payload.text("productId");
    if (!payload.ok()) return incoming->fail(payload.error());
    incoming->span().set("product.id", product_id);
    const telemetry::SpanContext parent = incoming->span().context();
    context.peers().get(
        "products", "/product/" + http::percent_encode(product_id), parent,
        [incoming = std::move(incoming), &context, product_id](Result<http::Response> answer) {
            take_answer(incoming, context, product_id, std::move(answer));
        });
}

}  // namespace

std::string pricing_calculated(std::string_view product_id, double price) {
    std::string data;
    text::JsonWriter out(data);
    out.begin_object().key("productId").string(product_id).key("priceBrackets").begin_array();
    for (const Bracket& bracket : brackets_for(price)) {
        out.begin_object()
            .key("quantity")
            .integer(bracket.quantity)
            .key("price")
            .number(bracket.price)
            .end_object();
    }
    // What they were worked out from: a product that costs something else by now waits for other brackets.
    out.end_array().key("price").number(price).end_object();
    return data;
}

Result<double> read_catalogue_price(std::string_view body) {
    text::JsonDocument document({.max_bytes = 256 * 1024, .max_depth = 16});
    const auto root = document.parse(body);
    if (!root) return root.error();
    const auto data = root->find("data");
    const auto price = data ? data->find("price") : std::nullopt;
    const auto number = price ? price->as_double() : std::nullopt;
    if (!number) return Error{ErrorCode::kSyntax, "the catalogue's answer has no price"};
    return *number;
}

void add_consumers(runtime::Consumers& consumers, ServiceContext& context) {
    const auto take = [&context](IncomingPtr incoming) { handle(std::move(incoming), context); };
    consumers.on_async({.queue = "ProductCreated", .types = {"product.productCreated.v1"}}, take);
    consumers.on_async({.queue = "ProductUpdated", .types = {"product.productUpdated.v1"}}, take);
}

}  // namespace loadgen::services::pricing
