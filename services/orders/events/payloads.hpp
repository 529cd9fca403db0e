// The `data` of the events that orders tell and hear, and the input of their workflow.
#pragma once

#include <string>

#include "common/base/result.hpp"
#include "services/orders/domain/order.hpp"

namespace loadgen::services::orders {

/// {"orderNumber","products","userId"}: orderCreated, and what the workflow is started with.
std::string order_created(const Order& order);
/// {"orderNumber","userId"}: orderConfirmed and orderCompleted.v1.
std::string order_numbered(std::string_view order_id, std::string_view user_id);
/// {"orderId","userId"}: orderCompleted.v2.
std::string order_completed_v2(std::string_view order_id, std::string_view user_id);

/// Which order a workflow is about.
struct WorkflowInput {
    std::string order_id;
    std::string user_id;
};
Result<WorkflowInput> read_workflow_input(std::string_view input);

/// The inventory's answer.
struct StockReply {
    std::string order_id;
    std::string conversation_id;
};
Result<StockReply> read_stock_reply(std::string_view data);

}  // namespace loadgen::services::orders
