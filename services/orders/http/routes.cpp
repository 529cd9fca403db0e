#include "services/orders/http/routes.hpp"

#include "common/base/uuid.hpp"
#include "services/orders/events/payloads.hpp"
#include "services/orders/http/answers.hpp"
#include "services/orders/http/health.hpp"
#include "services/orders/store/orders.hpp"
#include "services/orders/workflow/order_processing.hpp"
#include "services/platform/auth/guard.hpp"
#include "services/platform/json_body.hpp"
#include "services/platform/query.hpp"

namespace loadgen::services::orders {
namespace {

using platform::CallPtr;
using platform::auth::Claims;
using platform::auth::UserType;
using runtime::ServiceContext;
using runtime::Transaction;

constexpr int kOk = 200;
constexpr int kCreated = 201;
constexpr int kBadRequest = 400;
constexpr int kNotFound = 404;
constexpr int kConflict = 409;
constexpr std::int64_t kMaxPage = 100;
constexpr std::int64_t kUsualPage = 20;
constexpr const char* kOrderIdRule = "must have 1 to 100 letters, digits, '-' or '_'";
constexpr const char* kUserIdRule = "must have 1 to 100 letters, digits, '-', '_', '@' or '.'";

runtime::Refusal no_such_order() {
    return {.status = kNotFound, .message = "no such order", .code = "NOT_FOUND"};
}

http::Response bad_field(platform::Call& call, std::string field, std::string message) {
    const platform::Problems problems = {{std::move(field), std::move(message)}};
    const std::string text = platform::join_problems(problems);
    return platform::error_response(call, {.status = kBadRequest, .message = text, .problems = &problems});
}

struct PageRequest {
    std::int64_t size = kUsualPage;
    std::optional<PageKey> after;
};

/// None when the call was answered: the parameters are wrong.
std::optional<PageRequest> read_page_request(platform::Call& call) {
    platform::QueryReader query(call);
    PageRequest page;
    page.size = query.integer_or("pageSize", kUsualPage, {.min = 1, .max = kMaxPage});
    if (const auto token = query.text("pageToken", {.min = 1, .max = kMaxPageToken})) {
        page.after = read_page_token(*token);
        if (!page.after) query.refuse("pageToken", "must be a nextPageToken of an earlier answer");
    }
    if (query.ok()) return page;
    call.answer(query.refusal());
    return std::nullopt;
}

Result<http::Response> insert(Transaction& transaction, Order order) {
    order.created_ms = transaction.now_ms();
    transaction.span().set("order.id", order.id);
    auto done = insert_order(transaction.tables(), order);
    if (done)
        done =
            transaction.start_workflow(kOrderProcessing, order.id + '_' + new_uuid(), order_created(order));
    if (!done) return std::move(done).error();
    http::Response response = order_answer(kCreated, order);
    response.headers.push_back({"location", "/api/orders/" + order.id});
    return response;
}

Result<http::Response> complete_order(Transaction& transaction, const std::string& id,
                                      const std::string& user_id) {
    transaction.span().set("order.id", id);
    auto order = find_order(transaction.tables(), id);
    if (!order) return std::move(order).error();
    if (!*order || (*order)->user_id != user_id) return transaction.refuse(no_such_order());
    auto changed = change_status(transaction.tables(), id, OrderStatus::kConfirmed, OrderStatus::kCompleted);
    if (!changed) return std::move(changed).error();
    if (!*changed) {
        return transaction.refuse({.status = kConflict,
                                   .message = "only a confirmed order can be completed",
                                   .code = "INVALID_STATE"});
    }
    // The deprecated version first: consumers of both see the old one before the new one.
    auto told =
        transaction.publish({.type = "orders.orderCompleted.v1", .data = order_numbered(id, user_id)});
    if (told)
        told = transaction.publish(
            {.type = "orders.orderCompleted.v2", .data = order_completed_v2(id, user_id)});
    if (!told) return std::move(told).error();
    (*order)->status = OrderStatus::kCompleted;
    return order_answer(kOk, **order);
}

/// The handlers of one worker.
class Desk {
  public:
    Desk(ServiceContext& context, store::Statements& reader) : context_(context), reader_(reader) {}

    void create(const CallPtr& call);
    void list(const CallPtr& call);
    void list_confirmed(const CallPtr& call);
    void get(const CallPtr& call);
    void complete(const CallPtr& call);
    void received(const CallPtr& call);

  private:
    ServiceContext& context_;
    store::Statements& reader_;
};

void Desk::create(const CallPtr& call) {
    const auto caller = platform::auth::require_user(*call);
    if (!caller) return;
    platform::BodyReader body(*call);
    Order order;
    order.products = body.fields().strings("products", {.min = 1, .max = kMaxProducts});
    if (body.ok()) {
        if (const auto why = check_products(order.products)) body.fields().refuse("products", *why);
    }
    if (!body.ok()) return call->answer(body.refusal());
    order.id = new_uuid();
    order.user_id = caller->sub;
    if (caller->user_type == UserType::kPremium) order.type = OrderType::kPriority;
    call->span.set("order.id", order.id);
    context_.transact(call, {"INSERT", "orders"},
                      [order](Transaction& transaction) { return insert(transaction, order); });
}

void Desk::list(const CallPtr& call) {
    const auto caller = platform::auth::require_user(*call);
    if (!caller) return;
    const auto page = read_page_request(*call);
    if (!page) return;
    auto orders = list_of_user(reader_, caller->sub, page->after, page->size + 1);
    if (!orders) return call->answer(runtime::store_failure(*call, orders.error()));
    call->answer(page_answer(std::move(*orders), static_cast<std::size_t>(page->size)));
}

void Desk::list_confirmed(const CallPtr& call) {
    if (!platform::auth::require_user(*call, {UserType::kAdmin})) return;
    const auto page = read_page_request(*call);
    if (!page) return;
    auto orders = orders::list_confirmed(reader_, page->after, page->size + 1);
    if (!orders) return call->answer(runtime::store_failure(*call, orders.error()));
    call->answer(page_answer(std::move(*orders), static_cast<std::size_t>(page->size)));
}

void Desk::get(const CallPtr& call) {
    const auto caller = platform::auth::require_user(*call);
    if (!caller) return;
    const std::string_view id = call->parameter("orderId");
    if (!is_order_id(id)) {
        return call->answer(bad_field(*call, "orderId", kOrderIdRule));
    }
    call->span.set("order.id", id);
    const auto order = find_order(reader_, id);
    if (!order) return call->answer(runtime::store_failure(*call, order.error()));
    const bool own = *order && (*order)->user_id == caller->sub;
    call->answer(own ? order_answer(kOk, **order) : runtime::refused(*call, no_such_order()));
}

void Desk::complete(const CallPtr& call) {
    if (!platform::auth::require_user(*call, {UserType::kAdmin})) return;
    platform::BodyReader body(*call);
    const std::string id = body.string("orderId", {.min = 1, .max = kMaxOrderId});
    const std::string user_id = body.string("userId", {.min = 1, .max = kMaxUserId});
    if (body.ok()) {
        if (!is_order_id(id)) body.fields().refuse("orderId", kOrderIdRule);
        if (id != call->parameter("orderId"))
            body.fields().refuse("orderId", "must be the order of the path");
        if (!is_user_id(user_id)) body.fields().refuse("userId", kUserIdRule);
    }
    if (!body.ok()) return call->answer(body.refusal());
    call->span.set("order.id", id);
    context_.transact(call, {"UPDATE", "orders"}, [id, user_id](Transaction& transaction) {
        return complete_order(transaction, id, user_id);
    });
}

void Desk::received(const CallPtr& call) {
    const auto events = list_received(reader_, call->parameter("id"));
    if (!events) return call->answer(runtime::store_failure(*call, events.error()));
    call->answer(platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_array();
        for (const ReceivedEvent& event : *events) {
            out.begin_object().key("eventId").string(event.id).key("eventType").string(event.type);
            out.key("time").integer(event.time_ms).end_object();
        }
        out.end_array();
    }));
}

platform::Handler within(const std::shared_ptr<platform::RateLimiter>& limiter, platform::Handler handler) {
    return limiter ? platform::limited(limiter, std::move(handler)) : handler;
}

}  // namespace

void add_routes(platform::Router& router, ServiceContext& context, runtime::RouteTools& tools,
                const RouteLimits& limits) {
    const auto desk = std::make_shared<Desk>(context, tools.reader);
    router.add("POST", "/orders", within(limits.create, [desk](const CallPtr& call) { desk->create(call); }));
    router.add("GET", "/orders", within(limits.read, [desk](const CallPtr& call) { desk->list(call); }));
    router.add("GET", "/orders/confirmed",
               within(limits.admin, [desk](const CallPtr& call) { desk->list_confirmed(call); }));
    router.add("GET", "/orders/{orderId}",
               within(limits.read, [desk](const CallPtr& call) { desk->get(call); }));
    router.add("POST", "/orders/{orderId}/complete",
               within(limits.admin, [desk](const CallPtr& call) { desk->complete(call); }));
    add_health_routes(router, context, tools.reader);
    if (context.settings().environment != "prod")
        router.add("GET", "/events/{id}", [desk](const CallPtr& call) { desk->received(call); });
}

}  // namespace loadgen::services::orders
