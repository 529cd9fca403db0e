#include "services/search/store/catalogue_copy.hpp"

#include <array>

#include "services/search/store/any_word.hpp"
#include "services/store/full_text.hpp"
#include "services/store/query.hpp"

namespace loadgen::services::search {
namespace {

using store::params;

const store::FullTextIndex& names() {
    // The id is the name without its spaces: "flatwhite" finds the flat white.
    static const store::FullTextIndex index("product_names", {{"name", 2}, {"product_id", 1}});
    return index;
}

// Products that are gone leave their row: it knows when that was, and keeps late news from reviving them.
constexpr std::string_view kTables =
    "CREATE TABLE products ("
    "  row INTEGER PRIMARY KEY,"
    "  product_id TEXT NOT NULL UNIQUE,"
    "  name TEXT,"  // NULL: not in the catalogue
    "  price REAL NOT NULL DEFAULT 0,"
    "  listed_ns INTEGER NOT NULL DEFAULT 0,"
    "  stock_level REAL NOT NULL DEFAULT 0,"
    "  stock_ns INTEGER NOT NULL DEFAULT 0,"
    "  bulk_quantity INTEGER,"
    "  bulk_price REAL,"
    "  bulk_ns INTEGER NOT NULL DEFAULT 0"
    ") STRICT;";

// What a product costs and what it costs in bulk are told by two services, in any order: bulk prices of
// several prices are kept, and those of the price that is listed count.
constexpr std::string_view kBulkPrices =
    "CREATE TABLE bulk_prices ("
    "  product INTEGER NOT NULL,"  // its row
    "  of_price REAL NOT NULL,"    // -1: the sender did not tell; counts for want of a better one
    "  quantity INTEGER,"          // NULL, like the price: none at this price
    "  price REAL,"
    "  told_ns INTEGER NOT NULL,"
    "  PRIMARY KEY (product, of_price)"
    ") STRICT, WITHOUT ROWID;"
    "INSERT INTO bulk_prices SELECT row, -1, bulk_quantity, bulk_price, bulk_ns FROM products WHERE bulk_ns "
    "> 0;"
    "ALTER TABLE products DROP COLUMN bulk_quantity;"
    "ALTER TABLE products DROP COLUMN bulk_price;"
    "ALTER TABLE products DROP COLUMN bulk_ns;"
    "ALTER TABLE products ADD COLUMN stock_version INTEGER NOT NULL DEFAULT 0;";
constexpr double kUnknownPrice = -1;
constexpr int kPricesKept = 8;  // of a product: the listing may be that many price changes behind

std::string schema() {
    return std::string(kTables).append(names().schema());
}

Result<void> ensure_row(store::Statements& tables, std::string_view id) {
    return tables.run("INSERT INTO products (product_id) VALUES (?) ON CONFLICT DO NOTHING", params(id));
}

/// Runs an update of one product's row that is conditional on its time.
Result<bool> change_row(store::Statements& tables, std::string_view id, std::string_view update,
                        std::span<const store::Parameter> parameters) {
    auto there = ensure_row(tables, id);
    if (!there) return std::move(there).error();
    return store::run_changed(tables, update, parameters);
}

Result<std::int64_t> row_of(store::Statements& tables, std::string_view id) {
    auto row = store::find_one(tables, "SELECT row FROM products WHERE product_id = ?", params(id),
                               [](const store::Row& found) { return found.integer(0); });
    if (!row) return std::move(row).error();
    if (!*row) return Error{ErrorCode::kInternal, "search: no row of " + std::string(id)};
    return **row;
}

/// All but the listed one, and the latest.
Result<void> forget_old_prices(store::Statements& tables, std::int64_t row) {
    return tables.run(
        "DELETE FROM bulk_prices WHERE product = ?1"
        " AND of_price <> (SELECT price FROM products WHERE row = ?1)"
        " AND of_price NOT IN"
        " (SELECT of_price FROM bulk_prices WHERE product = ?1 ORDER BY told_ns DESC LIMIT ?2)",
        params(row, kPricesKept));
}

FoundProduct read_product(const store::Row& row) {
    FoundProduct product{.id = std::string(row.text(0)),
                         .name = std::string(row.text(1)),
                         .price = row.real(2),
                         .stock_level = row.real(3),
                         .bulk = std::nullopt};
    if (!row.is_null(4)) product.bulk = BulkPrice{row.integer(4), row.real(5)};
    return product;
}

/// Of a constant: built once.
const std::string& find_sql() {
    static const std::string sql =
        "WITH hits AS MATERIALIZED (" + names().hits() +
        ") SELECT p.product_id, p.name, p.price, p.stock_level, b.quantity, b.price"
        " FROM hits JOIN products AS p ON p.row = hits.row"
        " LEFT JOIN bulk_prices AS b ON b.product = p.row AND b.of_price ="
        " (SELECT max(of_price) FROM bulk_prices WHERE product = p.row AND of_price IN (p.price, -1))"
        " WHERE p.name IS NOT NULL ORDER BY hits.score DESC, p.row LIMIT ?2";
    return sql;
}

}  // namespace

std::span<const std::string_view> migrations() {
    static const std::string first = schema();
    static const std::array<std::string_view, 2> all = {first, kBulkPrices};
    return all;
}

Result<bool> list_product(store::Statements& tables, const ListedProduct& product, WallTime at) {
    auto changed = change_row(
        tables, product.id,
        "UPDATE products SET name = ?2, price = ?3, listed_ns = ?4 WHERE product_id = ?1 AND listed_ns <= ?4",
        params(product.id, product.name, product.price, at.unix_ns));
    if (!changed || !*changed) return changed;
    auto row = row_of(tables, product.id);
    if (!row) return std::move(row).error();
    const std::array<std::string_view, 2> texts = {product.name, product.id};
    auto done = names().put(tables, *row, texts);
    if (!done) return std::move(done).error();
    return true;
}

Result<bool> unlist_product(store::Statements& tables, std::string_view id, WallTime at) {
    auto changed = change_row(
        tables, id,
        "UPDATE products SET name = NULL, listed_ns = ?2 WHERE product_id = ?1 AND listed_ns <= ?2",
        params(id, at.unix_ns));
    if (!changed || !*changed) return changed;
    auto row = row_of(tables, id);
    if (!row) return std::move(row).error();
    auto done = names().remove(tables, *row);
    if (!done) return std::move(done).error();
    return true;
}

Result<bool> set_stock_level(store::Statements& tables, const StockLevel& stock, WallTime at) {
    return change_row(
        tables, stock.product_id,
        "UPDATE products SET stock_level = ?2, stock_version = max(stock_version, ?3), stock_ns = ?4"
        " WHERE product_id = ?1 AND iif(?3 > 0 AND stock_version > 0, stock_version <= ?3,"
        " stock_ns <= ?4)",
        params(stock.product_id, stock.level, stock.version, at.unix_ns));
}

Result<bool> set_bulk_price(store::Statements& tables, const Pricing& pricing, WallTime at) {
    auto there = ensure_row(tables, pricing.product_id);
    if (!there) return std::move(there).error();
    auto row = row_of(tables, pricing.product_id);
    if (!row) return std::move(row).error();
    const auto quantity = pricing.best ? std::optional(pricing.best->quantity) : std::nullopt;
    const auto price = pricing.best ? std::optional(pricing.best->price) : std::nullopt;
    auto changed = store::run_changed(
        tables,
        "INSERT INTO bulk_prices (product, of_price, quantity, price, told_ns) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET quantity = excluded.quantity, price = excluded.price,"
        " told_ns = excluded.told_ns WHERE told_ns <= excluded.told_ns",
        params(*row, pricing.price.value_or(kUnknownPrice), quantity, price, at.unix_ns));
    if (!changed || !*changed) return changed;
    auto done = forget_old_prices(tables, *row);
    if (!done) return std::move(done).error();
    return true;
}

Result<std::vector<FoundProduct>> find_products(store::Statements& tables, std::string_view phrase,
                                                std::size_t limit) {
    const std::string expression = any_word_expression(phrase);
    if (expression.empty()) return std::vector<FoundProduct>{};
    return store::find_all(tables, find_sql(), params(expression, limit), read_product);
}

}  // namespace loadgen::services::search
