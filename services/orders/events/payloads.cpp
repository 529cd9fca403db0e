#include "services/orders/events/payloads.hpp"

#include "common/text/json_writer.hpp"
#include "services/contracts/payload.hpp"

namespace loadgen::services::orders {
namespace {

std::string order_and_user(std::string_view order_member, std::string_view order_id,
                           std::string_view user_id) {
    std::string data;
    text::JsonWriter out(data);
    out.begin_object().key(order_member).string(order_id).key("userId").string(user_id).end_object();
    return data;
}

}  // namespace

std::string order_created(const Order& order) {
    std::string data;
    text::JsonWriter out(data);
    out.begin_object().key("orderNumber").string(order.id).key("products").begin_array();
    for (const std::string& product : order.products) out.string(product);
    out.end_array().key("userId").string(order.user_id).end_object();
    return data;
}

std::string order_numbered(std::string_view order_id, std::string_view user_id) {
    return order_and_user("orderNumber", order_id, user_id);
}

std::string order_completed_v2(std::string_view order_id, std::string_view user_id) {
    return order_and_user("orderId", order_id, user_id);
}

Result<WorkflowInput> read_workflow_input(std::string_view input) {
    contracts::Payload payload(input);
    WorkflowInput order{payload.text("orderNumber"), payload.text("userId")};
    if (!payload.ok()) return payload.error();
    return order;
}

Result<StockReply> read_stock_reply(std::string_view data) {
    contracts::Payload payload(data);
    StockReply reply{payload.text("orderNumber"), payload.text("conversationId")};
    if (!payload.ok()) return payload.error();
    return reply;
}

}  // namespace loadgen::services::orders
