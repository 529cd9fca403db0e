#include "services/inventory/events/handlers.hpp"

#include "common/base/uuid.hpp"
#include "services/inventory/events/reservations.hpp"
#include "services/inventory/store/stock_table.hpp"

namespace loadgen::services::inventory {
namespace {

using contracts::Event;
using runtime::ServiceContext;
using runtime::Transaction;

constexpr Nanos kBatchWindow = std::chrono::seconds(10);
constexpr Nanos kFirstWait = std::chrono::seconds(3);
constexpr Nanos kSecondWait = std::chrono::seconds(5);
constexpr std::uint64_t kFewest = 50;
constexpr std::uint64_t kMost = 99;  // exclusive
constexpr int kOk = 200;

/// The same fact told again carries a new token, and the token must be answered.
std::string conversation_key(const Event& event) {
    return event.id + '/' + event.conversation_id;
}

std::string order_key(const Event& event) {
    const auto number = read_order_number(event.data);
    return number ? *number : event.id;
}

Result<void> take_created_order(Transaction& transaction, const Event& event) {
    auto order = read_created_order(event.data);
    if (!order) return std::move(order).error();
    return reserve_order(transaction, *order, event.conversation_id);
}

Result<void> take_completed_order(Transaction& transaction, const Event& event) {
    auto number = read_order_number(event.data);
    if (!number) return std::move(number).error();
    return dispatch_order(transaction, *number);
}

Result<void> announce_product(Transaction& transaction, const Event& event) {
    auto id = read_product_id(event.data);
    if (!id) return std::move(id).error();
    transaction.span().set("product.id", *id);
    return transaction.publish({.type = "inventory.productAdded", .data = product_named(*id)});
}

Result<void> order_stock(Transaction& transaction, const Event& event) {
    auto id = read_product_id(event.data);
    if (!id) return std::move(id).error();
    transaction.span().set("product.id", *id);
    return transaction.start_workflow(kOrderingWorkflow, *id + '_' + event.id, product_named(*id));
}

Result<void> put_first_stock(Transaction& transaction, const runtime::Execution& execution, Random& random) {
    auto id = read_product_id(execution.input);
    if (!id) return std::move(id).error();
    const Stock stock{*id, static_cast<double>(kFewest + random.below(kMost - kFewest)), 0, 1};
    auto added = insert_stock(transaction.tables(), stock);
    if (!added) return std::move(added).error();
    if (*added)
        return transaction.publish({.type = "inventory.stockUpdated.v1", .data = stock_updated({}, stock)});
    // A product that was deleted and created again: the catalogue has forgotten its level, we have not.
    auto known = find_stock(transaction.tables(), *id);
    if (!known) return std::move(known).error();
    return transaction.publish(
        {.type = "inventory.stockUpdated.v1", .data = stock_updated(**known, **known)});
}

Result<void> announce_missing(Transaction& transaction, const std::vector<std::string>& products) {
    for (const std::string& id : products) {
        auto stock = find_stock(transaction.tables(), id);
        if (!stock) return std::move(stock).error();
        if (*stock) continue;
        auto told = transaction.publish({.type = "inventory.productAdded", .data = product_named(id)});
        if (!told) return told;
    }
    return {};
}

void log_refresh_failure(const ServiceContext& context, std::string_view why) {
    context.logger().log(telemetry::LogLevel::kWarn, "refresh: the catalogue could not be read",
                         {{"error", why}});
}

}  // namespace

void add_consumers(runtime::Consumers& consumers) {
    consumers.on({.queue = "InventoryProductCreatedEventQueue",
                  .types = {"product.productCreated.v1"},
                  .batch_window = kBatchWindow},
                 announce_product);
    consumers.on({.queue = "InventoryOrderCreatedEventQueue",
                  .types = {"orders.orderCreated.v1"},
                  .batch_window = kBatchWindow,
                  .inbox_key = conversation_key},
                 take_created_order);
    consumers.on({.queue = "InventoryOrderCompletedEventQueue",
                  .types = {"orders.orderCompleted.v1"},
                  .batch_window = kBatchWindow,
                  .inbox_key = order_key},
                 take_completed_order);
    consumers.on({.queue = "InventoryNewProductAdded", .types = {"inventory.productAdded"}}, order_stock);
}

void add_ordering(runtime::Workflows& workflows, Random& random) {
    runtime::WorkflowBuilder& workflow = workflows.define(kOrderingWorkflow);
    workflow.add(runtime::WaitState{"Wait 3", kFirstWait, "Wait 5"});
    workflow.add(runtime::WaitState{"Wait 5", kSecondWait, "Put Stock"});
    runtime::TaskState put{.name = "Put Stock", .run = nullptr, .next = {}};
    put.run = [&random](Transaction& transaction, const runtime::Execution& execution) {
        return put_first_stock(transaction, execution, random);
    };
    put.retry = {.max_attempts = 4};
    workflow.add(std::move(put));
}

void refresh(ServiceContext& context) {
    context.peers().get("products", "/product", {}, [&context](Result<http::Response> answer) {
        if (!answer) return log_refresh_failure(context, answer.error().message);
        if (answer->status != kOk)
            return log_refresh_failure(context, "status " + std::to_string(answer->status));
        auto products = read_catalogue(answer->body);
        if (!products) return log_refresh_failure(context, products.error().message);
        context.transact(
            "refresh", {},
            [products = std::move(*products)](Transaction& transaction) {
                return announce_missing(transaction, products);
            },
            [&context](Result<void> done) {
                if (!done) log_refresh_failure(context, done.error().message);
            });
    });
}

}  // namespace loadgen::services::inventory
