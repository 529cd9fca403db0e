#include "services/inventory/store/stock_table.hpp"

#include <array>

#include "services/store/query.hpp"

namespace loadgen::services::inventory {
namespace {

using store::params;

constexpr std::array<std::string_view, 1> kMigrations = {
    "CREATE TABLE stock ("
    "  product_id TEXT PRIMARY KEY,"
    "  level REAL NOT NULL,"
    "  reserved REAL NOT NULL,"
    "  version INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE orders ("
    "  order_number TEXT PRIMARY KEY,"
    "  state INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE order_products ("
    "  order_number TEXT NOT NULL REFERENCES orders (order_number),"
    "  place INTEGER NOT NULL,"
    "  product_id TEXT NOT NULL,"
    "  PRIMARY KEY (order_number, place)"
    ") STRICT, WITHOUT ROWID;"};

Stock read_stock(const store::Row& row) {
    return {std::string(row.text(0)), row.real(1), row.real(2), row.integer(3)};
}
OrderState read_state(const store::Row& row) {
    return static_cast<OrderState>(row.integer(0));
}
std::string read_id(const store::Row& row) {
    return std::string(row.text(0));
}

}  // namespace

std::span<const std::string_view> migrations() {
    return kMigrations;
}

Result<std::optional<Stock>> find_stock(store::Statements& tables, std::string_view product_id) {
    return store::find_one(tables,
                           "SELECT product_id, level, reserved, version FROM stock WHERE product_id = ?",
                           params(product_id), read_stock);
}

Result<bool> insert_stock(store::Statements& tables, const Stock& stock) {
    return store::run_changed(
        tables,
        "INSERT INTO stock (product_id, level, reserved, version) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        params(stock.product_id, stock.level, stock.reserved, stock.version));
}

Result<void> put_stock(store::Statements& tables, const Stock& stock) {
    return tables.run(
        "INSERT INTO stock (product_id, level, reserved, version) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (product_id) DO UPDATE SET level = excluded.level, reserved = excluded.reserved,"
        " version = excluded.version",
        params(stock.product_id, stock.level, stock.reserved, stock.version));
}

Result<HeldOrder> find_order(store::Statements& tables, std::string_view order_number) {
    HeldOrder order;
    auto state = store::find_one(tables, "SELECT state FROM orders WHERE order_number = ?",
                                 params(order_number), read_state);
    if (!state) return std::move(state).error();
    if (!*state) return order;
    order.state = **state;
    auto products =
        store::find_all(tables, "SELECT product_id FROM order_products WHERE order_number = ? ORDER BY place",
                        params(order_number), read_id);
    if (!products) return std::move(products).error();
    order.products = std::move(*products);
    return order;
}

Result<void> put_order(store::Statements& tables, std::string_view order_number, const HeldOrder& order) {
    auto done = tables.run(
        "INSERT INTO orders (order_number, state) VALUES (?, ?)"
        " ON CONFLICT (order_number) DO UPDATE SET state = excluded.state",
        params(order_number, static_cast<std::int64_t>(order.state)));
    std::int64_t place = 0;
    for (const std::string& product : order.products) {
        if (!done) break;
        done = tables.run(
            "INSERT INTO order_products (order_number, place, product_id) VALUES (?, ?, ?) ON CONFLICT DO "
            "NOTHING",
            params(order_number, place++, product));
    }
    return done;
}

}  // namespace loadgen::services::inventory
