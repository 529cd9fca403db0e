#include "services/ninja/orders/http/routes.hpp"

#include <limits>

#include "common/base/uuid.hpp"
#include "services/ninja/orders/events/payloads.hpp"
#include "services/ninja/orders/http/create_latency.hpp"
#include "services/ninja/orders/store/orders.hpp"
#include "services/ninja/shared/http/requests.hpp"
#include "services/ninja/shared/store/idempotency.hpp"
#include "services/platform/json_body.hpp"

namespace loadgen::services::ninja::orders {
namespace {

using platform::CallPtr;
using runtime::ServiceContext;
using runtime::Transaction;

constexpr int kOk = 200;
constexpr int kNotFound = 404;
constexpr std::string_view kIdName = "order_id";
constexpr std::int64_t kMaxItems = std::numeric_limits<std::int64_t>::max();

http::Response order_answer(const Order& order) {
    return platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("order_item_count").integer(order.item_count);
        out.key("customer_name").string(order.customer_name).key(kIdName).string(order.id).end_object();
    });
}

/// What makes two creates the same one: everything but the id.
std::string canonical_text(const Order& order) {
    return std::to_string(order.item_count) + ' ' + order.customer_name;
}

Result<http::Response> insert(Transaction& transaction, const Order& order) {
    transaction.span().set("order.id", order.id);
    auto done = insert_order(transaction.tables(), order);
    if (done) done = transaction.publish({.type = "ninja.orderCreated.v1", .data = order_created(order)});
    if (!done) return std::move(done).error();
    return order_answer(order);
}

Result<http::Response> erase(Transaction& transaction, const std::string& id) {
    auto done = erase_order(transaction.tables(), id);
    if (!done) return std::move(done).error();
    return platform::json_answer(
        kOk, [&](text::JsonWriter& out) { out.begin_object().key(kIdName).string(id).end_object(); });
}

/// The handlers of one worker.
class Desk {
  public:
    Desk(ServiceContext& context, store::Statements& reader, ConfigurationSource& source)
        : context_(context),
          reader_(reader),
          source_(source),
          creates_(context.meter().counter("my_product_kpi.ValidCreateOrderEvents", "{request}")),
          gets_(context.meter().counter("my_product_kpi.ValidGetOrderEvents", "{request}")),
          deletes_(context.meter().counter("my_product_kpi.ValidDeleteOrderEvents", "{request}")) {}

    void create(const CallPtr& call);
    using ReadId = std::optional<std::string> (*)(platform::Call& call, std::string_view name);
    void get(const CallPtr& call, ReadId read_id);
    void remove(const CallPtr& call, ReadId read_id);

  private:
    ServiceContext& context_;
    store::Statements& reader_;
    ConfigurationSource& source_;
    telemetry::Counter& creates_;
    telemetry::Counter& gets_;
    telemetry::Counter& deletes_;
};

void Desk::create(const CallPtr& call) {
    const auto configuration = require_configuration(*call, source_);
    if (!configuration) return;
    platform::BodyReader body(*call);
    Order order;
    order.customer_name = body.string("customer_name", {.min = 1, .max = kMaxCustomerName});
    order.item_count = body.integer("order_item_count", {.min = 1, .max = kMaxItems});
    if (!body.ok()) return call->answer(body.refusal());
    const auto key = idempotency_key(*call);
    if (!key) return;
    std::optional<IdempotentRequest> idempotent;
    if (!key->empty()) idempotent = {.key = *key, .request = canonical_text(order)};
    creates_.add();
    log_flags(context_, *call, *configuration, order.customer_name);
    order.id = new_uuid();
    context_.transact(call, {"INSERT", "orders"}, [order, idempotent](Transaction& transaction) {
        return once(transaction, idempotent, [&] { return insert(transaction, order); });
    });
}

void Desk::get(const CallPtr& call, ReadId read_id) {
    if (!require_configuration(*call, source_)) return;
    const auto id = read_id(*call, kIdName);
    if (!id) return;
    gets_.add();
    call->span.set("order.id", *id);
    const auto order = find_order(reader_, *id);
    if (!order) return call->answer(runtime::store_failure(*call, order.error()));
    call->answer(*order ? order_answer(**order)
                        : runtime::refused(*call, {.status = kNotFound, .message = "no such order"}));
}

void Desk::remove(const CallPtr& call, ReadId read_id) {
    if (!require_configuration(*call, source_)) return;
    const auto id = read_id(*call, kIdName);
    if (!id) return;
    deletes_.add();
    call->span.set("order.id", *id);
    context_.transact(call, {"DELETE", "orders"},
                      [id = *id](Transaction& transaction) { return erase(transaction, id); });
}

}  // namespace

void add_routes(platform::Router& router, ServiceContext& context, runtime::RouteTools& tools,
                ConfigurationSource& source) {
    const auto desk = std::make_shared<Desk>(context, tools.reader, source);
    const std::string with_id = std::string(kOrdersPath) + "/{order_id}";
    router.add("POST", kOrdersPath, [desk](const CallPtr& call) { desk->create(call); });
    router.add("GET", kOrdersPath, [desk](const CallPtr& call) { desk->get(call, id_from_header); });
    router.add("DELETE", kOrdersPath, [desk](const CallPtr& call) { desk->remove(call, id_from_body); });
    router.add("GET", with_id, [desk](const CallPtr& call) { desk->get(call, id_from_path); });
    router.add("DELETE", with_id, [desk](const CallPtr& call) { desk->remove(call, id_from_path); });
}

}  // namespace loadgen::services::ninja::orders
