#include "services/orders/workflow/order_processing.hpp"

#include "services/orders/events/payloads.hpp"
#include "services/orders/store/orders.hpp"

namespace loadgen::services::orders {
namespace {

using runtime::Execution;
using runtime::Transaction;

constexpr std::string_view kPublish = "Publish Order Created & Wait";
constexpr std::string_view kPublishAgain = "Retry Publish Order Created";
constexpr std::string_view kConfirm = "Confirm Order";
constexpr std::string_view kNoStock = "Order No Stock";
constexpr std::string_view kFailed = "Order Failed";

constexpr Nanos kReplyTimeout = std::chrono::seconds(60);
// The first try and three more.
const runtime::RetryPolicy kRetry = {.max_attempts = 4, .first = std::chrono::seconds(1), .factor = 2};

/// The question carries the token as its conversation; asked again it is the same event with a new token.
Result<void> ask_for_stock(Transaction& transaction, const Execution& execution) {
    return transaction.publish({.type = "orders.orderCreated.v1",
                                .data = execution.input,
                                .conversation_id = execution.token,
                                .id = execution.event_id});
}

Result<void> confirm(Transaction& transaction, const Execution& execution) {
    auto order = read_workflow_input(execution.input);
    if (!order) return std::move(order).error();
    transaction.span().set("order.id", order->order_id);
    auto confirmed =
        change_status(transaction.tables(), order->order_id, OrderStatus::kCreated, OrderStatus::kConfirmed);
    if (!confirmed) return std::move(confirmed).error();
    if (!*confirmed) return Error{ErrorCode::kNotFound, "no order to confirm: " + order->order_id};
    return transaction.publish(
        {.type = "orders.orderConfirmed.v1", .data = order_numbered(order->order_id, order->user_id)});
}

/// Only an order that is still Created ends this way.
Result<void> give_up(Transaction& transaction, const Execution& execution, OrderStatus as) {
    auto order = read_workflow_input(execution.input);
    if (!order) return std::move(order).error();
    transaction.span().set("order.id", order->order_id);
    auto changed = change_status(transaction.tables(), order->order_id, OrderStatus::kCreated, as);
    if (!changed) return std::move(changed).error();
    return {};
}

runtime::TokenState asking(std::string_view name, std::string_view on_timeout) {
    return {.name = std::string(name),
            .enter = ask_for_stock,
            .timeout = kReplyTimeout,
            .next = std::string(kConfirm),
            .on_timeout = std::string(on_timeout),
            .on_failure = std::string(kNoStock)};
}

}  // namespace

void add_order_processing(runtime::Workflows& workflows, runtime::ServiceContext& context) {
    runtime::WorkflowBuilder& workflow = workflows.define(kOrderProcessing);
    workflow.add(asking(kPublish, kPublishAgain));
    workflow.add(asking(kPublishAgain, kNoStock));
    workflow.add(runtime::TaskState{.name = std::string(kConfirm),
                                    .run = confirm,
                                    .next = {},
                                    .retry = kRetry,
                                    .on_error = std::string(kFailed)});
    const auto no_stock = [](Transaction& transaction, const Execution& execution) {
        return give_up(transaction, execution, OrderStatus::kNoStock);
    };
    workflow.add(
        runtime::TaskState{.name = std::string(kNoStock), .run = no_stock, .next = {}, .retry = kRetry});
    const auto failed = [&context](Transaction& transaction, const Execution& execution) {
        context.meter().counter("orders.failed", "{order}").add();
        context.logger().log(telemetry::LogLevel::kError, "an order could not be confirmed",
                             {{"execution", std::string_view(execution.id)}});
        return give_up(transaction, execution, OrderStatus::kFailed);
    };
    workflow.add(
        runtime::TaskState{.name = std::string(kFailed), .run = failed, .next = {}, .retry = kRetry});
}

}  // namespace loadgen::services::orders
