#include "services/loyalty/events/payloads.hpp"

#include "common/text/json_writer.hpp"
#include "services/contracts/payload.hpp"

namespace loadgen::services::loyalty {

Result<Grant> read_new_user(std::string_view data) {
    contracts::Payload payload(data);
    std::string user_id = payload.text("userId");
    if (!payload.ok()) return payload.error();
    return new_user_grant(std::move(user_id));
}

Result<Grant> read_completed_order(std::string_view data) {
    contracts::Payload payload(data);
    std::string order_id = payload.text("orderNumber");
    std::string user_id = payload.text("userId");
    if (!payload.ok()) return payload.error();
    return completed_order_grant(std::move(user_id), std::move(order_id));
}

std::string points_added_v1(const PointsChange& change) {
    std::string data;
    text::JsonWriter out(data);
    out.begin_object().key("userId").string(change.user_id);
    out.key("newPointsTotal").integer(change.total).end_object();
    return data;
}

std::string points_added_v2(const PointsChange& change) {
    std::string data;
    text::JsonWriter out(data);
    out.begin_object().key("userId").string(change.user_id);
    out.key("totalPoints").integer(change.total);
    out.key("difference").integer(change.difference).end_object();
    return data;
}

}  // namespace loadgen::services::loyalty
