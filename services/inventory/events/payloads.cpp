#include "services/inventory/events/payloads.hpp"

#include <algorithm>

#include "common/text/json_writer.hpp"
#include "services/contracts/payload.hpp"

namespace loadgen::services::inventory {

std::string stock_updated(const Stock& before, const Stock& now) {
    std::string data;
    text::JsonWriter out(data);
    out.begin_object().key("productId").string(now.product_id);
    out.key("previousStockLevel").number(before.level).key("newStockLevel").number(now.level);
    out.key("version").integer(now.version).end_object();
    return data;
}

std::string reservation(std::string_view order_number, std::string_view conversation_id) {
    std::string data;
    text::JsonWriter out(data);
    out.begin_object().key("orderNumber").string(order_number);
    out.key("conversationId").string(conversation_id).end_object();
    return data;
}

std::string product_named(std::string_view product_id) {
    std::string data;
    text::JsonWriter(data).begin_object().key("productId").string(product_id).end_object();
    return data;
}

Result<CreatedOrder> read_created_order(std::string_view data) {
    contracts::Payload payload(data);
    CreatedOrder order{payload.text("orderNumber"), {}};
    for (std::string& product : payload.texts("products")) {
        const auto known = std::find(order.products.begin(), order.products.end(), product);
        if (known == order.products.end()) order.products.push_back(std::move(product));
    }
    if (!payload.ok()) return payload.error();
    return order;
}

Result<std::string> read_order_number(std::string_view data) {
    contracts::Payload payload(data);
    std::string number = payload.text("orderNumber");
    if (!payload.ok()) return payload.error();
    return number;
}

Result<std::string> read_product_id(std::string_view data) {
    contracts::Payload payload(data);
    std::string id = payload.text("productId");
    if (!payload.ok()) return payload.error();
    return id;
}

Result<std::vector<std::string>> read_catalogue(std::string_view body) {
    contracts::Payload payload(body);
    std::vector<std::string> ids;
    for (contracts::Payload& product : payload.objects("data")) {
        ids.push_back(product.text("productId"));
        if (!product.ok()) return product.error();
    }
    if (!payload.ok()) return payload.error();
    return ids;
}

}  // namespace loadgen::services::inventory
