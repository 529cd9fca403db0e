#include "services/ninja/orders/store/orders.hpp"

#include <array>

#include "services/ninja/shared/store/idempotency.hpp"
#include "services/store/query.hpp"

namespace loadgen::services::ninja::orders {
namespace {

using store::params;

constexpr std::string_view kTable =
    "CREATE TABLE orders ("
    "  order_id TEXT PRIMARY KEY,"
    "  customer_name TEXT NOT NULL,"
    "  order_item_count INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;";

}  // namespace

std::span<const std::string_view> migrations() {
    static const std::string first = std::string(kTable) + idempotency_schema();
    static const std::array<std::string_view, 1> all = {first};
    return all;
}

Result<void> insert_order(store::Statements& tables, const Order& order) {
    return tables.run("INSERT INTO orders (order_id, customer_name, order_item_count) VALUES (?, ?, ?)",
                      params(order.id, order.customer_name, order.item_count));
}

Result<std::optional<Order>> find_order(store::Statements& tables, std::string_view id) {
    return store::find_one(tables,
                           "SELECT order_id, customer_name, order_item_count FROM orders WHERE order_id = ?",
                           params(id), [](const store::Row& row) {
                               return Order{.id = std::string(row.text(0)),
                                            .customer_name = std::string(row.text(1)),
                                            .item_count = row.integer(2)};
                           });
}

Result<void> erase_order(store::Statements& tables, std::string_view id) {
    return tables.run("DELETE FROM orders WHERE order_id = ?", params(id));
}

}  // namespace loadgen::services::ninja::orders
