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
        ") SELECT p.product_id, p.name, p.price, p.stock_level, p.bulk_quantity, p.bulk_price"
        " FROM hits JOIN products AS p ON p.row = hits.row"
        " WHERE p.name IS NOT NULL ORDER BY hits.score DESC, p.row LIMIT ?2";
    return sql;
}

}  // namespace

std::span<const std::string_view> migrations() {
    static const std::string first = schema();
    static const std::array<std::string_view, 1> all = {first};
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

Result<bool> set_stock_level(store::Statements& tables, std::string_view id, double level, WallTime at) {
    return change_row(
        tables, id,
        "UPDATE products SET stock_level = ?2, stock_ns = ?3 WHERE product_id = ?1 AND stock_ns <= ?3",
        params(id, level, at.unix_ns));
}

Result<bool> set_bulk_price(store::Statements& tables, std::string_view id,
                            const std::optional<BulkPrice>& bulk, WallTime at) {
    const auto quantity = bulk ? std::optional(bulk->quantity) : std::nullopt;
    const auto price = bulk ? std::optional(bulk->price) : std::nullopt;
    return change_row(tables, id,
                      "UPDATE products SET bulk_quantity = ?2, bulk_price = ?3, bulk_ns = ?4"
                      " WHERE product_id = ?1 AND bulk_ns <= ?4",
                      params(id, quantity, price, at.unix_ns));
}

Result<std::vector<FoundProduct>> find_products(store::Statements& tables, std::string_view phrase,
                                                std::size_t limit) {
    const std::string expression = any_word_expression(phrase);
    if (expression.empty()) return std::vector<FoundProduct>{};
    return store::find_all(tables, find_sql(), params(expression, limit), read_product);
}

}  // namespace loadgen::services::search
