#include "services/inventory/http/routes.hpp"

#include "services/inventory/events/reservations.hpp"
#include "services/inventory/store/stock_table.hpp"
#include "services/platform/auth/guard.hpp"
#include "services/platform/json_body.hpp"

namespace loadgen::services::inventory {
namespace {

using platform::CallPtr;
using platform::auth::UserType;
using runtime::ServiceContext;
using runtime::Transaction;

constexpr int kOk = 200;
constexpr int kNotFound = 404;
constexpr std::size_t kMinProductId = 4;

http::Response stock_answer(const Stock& stock) {
    return platform::data_answer(platform::kInventoryEnvelope, kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("productId").string(stock.product_id);
        out.key("currentStockLevel").number(stock.available());
        out.key("reservedStockLevel").number(stock.reserved).end_object();
    });
}

void healthy(const CallPtr& call) {
    call->answer(platform::text_answer(kOk, "Healthy!"));
}

void get(const CallPtr& call, store::Statements& reader) {
    const std::string id(call->parameter("productId"));
    call->span.set("product.id", id);
    const auto stock = find_stock(reader, id);
    if (!stock) return call->answer(runtime::store_failure(*call, stock.error()));
    if (*stock) return call->answer(stock_answer(**stock));
    call->span.set("product.notFound", true);
    const std::string message = "no stock of the product " + id;
    call->answer(
        platform::error_response(*call, {.status = kNotFound, .message = message, .data = R"("Not found")"}));
}

Result<http::Response> put_level(Transaction& transaction, const std::string& id, double level) {
    auto done = set_level(transaction, id, level);
    if (!done) return std::move(done).error();
    auto stock = find_stock(transaction.tables(), id);
    if (!stock) return std::move(stock).error();
    return stock_answer(**stock);
}

void post(const CallPtr& call, ServiceContext& context) {
    if (!platform::auth::require_user(*call, {UserType::kAdmin})) return;
    platform::BodyReader body(*call);
    const std::string id = body.string("productId", {.min = kMinProductId});
    const double level = body.number("stockLevel", {.min = 0, .above_min = true});
    if (!body.ok()) {
        call->span.set("validation.failureCount", static_cast<std::int64_t>(body.problems().size()));
        return call->answer(body.refusal());
    }
    call->span.set("product.id", id);
    context.transact(call, {"UPSERT", "stock"},
                     [id, level](Transaction& transaction) { return put_level(transaction, id, level); });
}

}  // namespace

void add_routes(platform::Router& router, ServiceContext& context, runtime::RouteTools& tools) {
    router.add("GET", "/health", healthy);
    router.add("GET", "/inventory/{productId}",
               [&reader = tools.reader](const CallPtr& call) { get(call, reader); });
    router.add("POST", "/inventory", [&context](const CallPtr& call) { post(call, context); });
}

}  // namespace loadgen::services::inventory
