#include "services/products/store/products.hpp"

#include <array>

#include "services/store/query.hpp"

namespace loadgen::services::products {
namespace {

using store::params;

constexpr std::array<std::string_view, 1> kMigrations = {
    "CREATE TABLE products ("
    "  id TEXT PRIMARY KEY,"
    "  name TEXT NOT NULL,"
    "  price REAL NOT NULL,"
    "  stock_level REAL NOT NULL DEFAULT 0,"
    "  stock_version INTEGER NOT NULL DEFAULT 0,"
    "  updated_ms INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX products_by_name ON products (name, id);"
    "CREATE TABLE product_prices ("
    "  product_id TEXT NOT NULL REFERENCES products (id) ON DELETE CASCADE,"
    "  quantity INTEGER NOT NULL,"
    "  price REAL NOT NULL,"
    "  PRIMARY KEY (product_id, quantity)"
    ") STRICT, WITHOUT ROWID;"};

Product read_product(const store::Row& row) {
    return {.id = std::string(row.text(0)),
            .name = std::string(row.text(1)),
            .price = row.real(2),
            .stock_level = row.real(3),
            .brackets = {}};
}

PriceBracket read_bracket(const store::Row& row) {
    return {row.integer(0), row.real(1)};
}

}  // namespace

std::span<const std::string_view> migrations() {
    return kMigrations;
}

Result<std::vector<Product>> list_products(store::Statements& tables) {
    return store::find_all(tables, "SELECT id, name, price, stock_level FROM products ORDER BY name, id",
                           params(), read_product);
}

Result<std::optional<Product>> find_product(store::Statements& tables, std::string_view id) {
    auto product = store::find_one(tables, "SELECT id, name, price, stock_level FROM products WHERE id = ?",
                                   params(id), read_product);
    if (!product || !*product) return product;
    auto brackets = store::find_all(
        tables, "SELECT quantity, price FROM product_prices WHERE product_id = ? ORDER BY quantity",
        params(id), read_bracket);
    if (!brackets) return std::move(brackets).error();
    (*product)->brackets = std::move(*brackets);
    return product;
}

Result<bool> insert_product(store::Statements& tables, const Product& product, std::int64_t now_ms) {
    return store::run_changed(
        tables,
        "INSERT INTO products (id, name, price, updated_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        params(product.id, product.name, product.price, now_ms));
}

Result<void> update_details(store::Statements& tables, const Product& product, std::int64_t now_ms) {
    return tables.run("UPDATE products SET name = ?, price = ?, updated_ms = ? WHERE id = ?",
                      params(product.name, product.price, now_ms, product.id));
}

Result<bool> delete_product(store::Statements& tables, std::string_view id) {
    return store::run_changed(tables, "DELETE FROM products WHERE id = ?", params(id));
}

Result<bool> set_stock_level(store::Statements& tables, std::string_view id, double level,
                             std::int64_t version) {
    // Events may overtake one another on their way here.
    return store::run_changed(
        tables,
        "UPDATE products SET stock_level = iif(?1 = 0 OR ?1 >= stock_version, ?2, stock_level),"
        " stock_version = max(stock_version, ?1) WHERE id = ?3",
        params(version, level, id));
}

Result<bool> replace_brackets(store::Statements& tables, std::string_view id,
                              std::span<const PriceBracket> brackets, std::optional<double> price) {
    auto product = find_product(tables, id);
    if (!product) return std::move(product).error();
    if (!*product) return false;
    if (price && *price != (*product)->price) return true;  // the later price gets brackets of its own
    auto done = tables.run("DELETE FROM product_prices WHERE product_id = ?", params(id));
    for (const PriceBracket& bracket : brackets) {
        if (!done) break;
        done = tables.run("INSERT INTO product_prices (product_id, quantity, price) VALUES (?, ?, ?)",
                          params(id, bracket.quantity, bracket.price));
    }
    if (!done) return std::move(done).error();
    return true;
}

}  // namespace loadgen::services::products
