#include "services/orders/store/orders.hpp"

#include <array>
#include <limits>

#include "common/text/json_reader.hpp"
#include "common/text/json_writer.hpp"
#include "services/store/query.hpp"

namespace loadgen::services::orders {
namespace {

using store::params;

constexpr std::array<std::string_view, 1> kMigrations = {
    "CREATE TABLE orders ("
    "  order_id TEXT PRIMARY KEY,"
    "  user_id TEXT NOT NULL,"
    "  created_ms INTEGER NOT NULL,"
    "  order_type INTEGER NOT NULL,"
    "  status INTEGER NOT NULL,"
    "  products TEXT NOT NULL"
    ") STRICT;"
    "CREATE INDEX orders_of_user ON orders (user_id, created_ms, order_id);"
    "CREATE INDEX confirmed_orders ON orders (created_ms, order_id) WHERE status = 1;"
    "CREATE TABLE received_events ("
    "  order_id TEXT NOT NULL,"
    "  event_id TEXT NOT NULL,"
    "  type TEXT NOT NULL,"
    "  time_ms INTEGER NOT NULL,"
    "  PRIMARY KEY (order_id, event_id)"
    ") STRICT, WITHOUT ROWID;"};

std::string products_json(const std::vector<std::string>& products) {
    std::string json;
    text::JsonWriter out(json);
    out.begin_array();
    for (const std::string& product : products) out.string(product);
    out.end_array();
    return json;
}

/// The list that `products_json` wrote.
std::vector<std::string> read_products(std::string_view json) {
    std::vector<std::string> products;
    text::JsonDocument document({.max_bytes = 64 * 1024, .max_depth = 2});
    const auto root = document.parse(json);
    if (!root) return products;
    root->for_each_element([&products](text::JsonValue value) {
        products.emplace_back(value.as_string().value_or(std::string_view()));
        return true;
    });
    return products;
}

Order read_order(const store::Row& row) {
    return {.id = std::string(row.text(0)),
            .user_id = std::string(row.text(1)),
            .products = read_products(row.text(2)),
            .created_ms = row.integer(3),
            .type = static_cast<OrderType>(row.integer(4)),
            .status = static_cast<OrderStatus>(row.integer(5))};
}

PageKey from_the_newest() {
    return {std::numeric_limits<std::int64_t>::max(), {}};
}

}  // namespace

std::span<const std::string_view> migrations() {
    return kMigrations;
}

Result<void> insert_order(store::Statements& tables, const Order& order) {
    return tables.run(
        "INSERT INTO orders (order_id, user_id, created_ms, order_type, status, products) VALUES (?, ?, ?, "
        "?, ?, ?)",
        params(order.id, order.user_id, order.created_ms, order.type, order.status,
               products_json(order.products)));
}

Result<std::optional<Order>> find_order(store::Statements& tables, std::string_view id) {
    return store::find_one(tables,
                           "SELECT order_id, user_id, products, created_ms, order_type, status FROM orders"
                           " WHERE order_id = ?",
                           params(id), read_order);
}

Result<std::vector<Order>> list_of_user(store::Statements& tables, std::string_view user_id,
                                        const std::optional<PageKey>& after, std::int64_t limit) {
    const PageKey key = after.value_or(from_the_newest());
    return store::find_all(tables,
                           "SELECT order_id, user_id, products, created_ms, order_type, status FROM orders"
                           " WHERE user_id = ? AND (created_ms, order_id) < (?, ?)"
                           " ORDER BY created_ms DESC, order_id DESC LIMIT ?",
                           params(user_id, key.created_ms, key.order_id, limit), read_order);
}

Result<std::vector<Order>> list_confirmed(store::Statements& tables, const std::optional<PageKey>& after,
                                          std::int64_t limit) {
    const PageKey key = after.value_or(from_the_newest());
    return store::find_all(tables,
                           "SELECT order_id, user_id, products, created_ms, order_type, status FROM orders"
                           " WHERE status = 1 AND (created_ms, order_id) < (?, ?)"
                           " ORDER BY created_ms DESC, order_id DESC LIMIT ?",
                           params(key.created_ms, key.order_id, limit), read_order);
}

Result<bool> change_status(store::Statements& tables, std::string_view id, OrderStatus from, OrderStatus to) {
    return store::run_changed(tables, "UPDATE orders SET status = ? WHERE order_id = ? AND status = ?",
                              params(to, id, from));
}

Result<void> put_received(store::Statements& tables, std::string_view order_id, const ReceivedEvent& event) {
    return tables.run(
        "INSERT INTO received_events (order_id, event_id, type, time_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO "
        "NOTHING",
        params(order_id, event.id, event.type, event.time_ms));
}

Result<std::vector<ReceivedEvent>> list_received(store::Statements& tables, std::string_view order_id) {
    return store::find_all(
        tables,
        "SELECT event_id, type, time_ms FROM received_events WHERE order_id = ? ORDER BY time_ms, event_id",
        params(order_id), [](const store::Row& row) {
            return ReceivedEvent{std::string(row.text(0)), std::string(row.text(1)), row.integer(2)};
        });
}

}  // namespace loadgen::services::orders
