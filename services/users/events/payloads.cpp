#include "services/users/events/payloads.hpp"

#include "common/text/json_writer.hpp"
#include "services/contracts/payload.hpp"

namespace loadgen::services::users {

std::string user_created(std::string_view id) {
    std::string data;
    text::JsonWriter(data).begin_object().key("userId").string(id).end_object();
    return data;
}

Result<CompletedOrder> read_completed_order(std::string_view data) {
    contracts::Payload payload(data);
    CompletedOrder order{payload.text("orderNumber"), payload.text("userId")};
    if (!payload.ok()) return payload.error();
    return order;
}

}  // namespace loadgen::services::users
