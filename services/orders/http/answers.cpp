#include "services/orders/http/answers.hpp"

#include "common/telemetry/logger.hpp"
#include "services/orders/domain/page_token.hpp"

namespace loadgen::services::orders {
namespace {

constexpr int kOk = 200;
constexpr std::int64_t kNanosPerMilli = 1'000'000;

void write_order(text::JsonWriter& out, const Order& order) {
    std::string date;
    telemetry::append_rfc3339(date, WallTime{order.created_ms * kNanosPerMilli});
    out.begin_object().key("orderId").string(order.id).key("userId").string(order.user_id);
    out.key("products").begin_array();
    for (const std::string& product : order.products) out.string(product);
    out.end_array().key("orderDate").string(date).key("orderType").string(type_name(order.type));
    out.key("status").string(status_name(order.status)).key("totalPrice").integer(0).end_object();
}

}  // namespace

http::Response order_answer(int status, const Order& order) {
    return platform::json_answer(status, [&order](text::JsonWriter& out) { write_order(out, order); });
}

http::Response page_answer(std::vector<Order> orders, std::size_t page_size) {
    const bool more = orders.size() > page_size;
    if (more) orders.resize(page_size);
    return platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("items").begin_array();
        for (const Order& order : orders) write_order(out, order);
        out.end_array().key("pageSize").integer(static_cast<std::int64_t>(page_size));
        out.key("hasMorePages").boolean(more).key("nextPageToken");
        if (more) {
            out.string(write_page_token({orders.back().created_ms, orders.back().id}));
        } else {
            out.null();
        }
        out.end_object();
    });
}

}  // namespace loadgen::services::orders
