#include "services/grocery/elastic/store/promotions.hpp"

#include <array>

#include "common/text/json_writer.hpp"
#include "services/store/query.hpp"

namespace loadgen::services::grocery::elastic {
namespace {

using store::params;
using store::Row;
using store::Statements;

// Days are numbers since 1970.
constexpr std::string_view kTables =
    "CREATE TABLE retailers ("
    "  retailer_id TEXT PRIMARY KEY,"
    "  name TEXT NOT NULL,"
    "  logo_url TEXT NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE promotions ("
    "  row INTEGER PRIMARY KEY,"
    "  promotion_id TEXT NOT NULL UNIQUE,"
    "  retailer_id TEXT NOT NULL,"
    "  product_name TEXT NOT NULL,"
    "  brand TEXT NOT NULL,"
    "  category TEXT NOT NULL,"
    "  description TEXT NOT NULL,"
    "  unit TEXT NOT NULL,"
    "  original_price_cents INTEGER NOT NULL,"
    "  offer_price_cents INTEGER NOT NULL,"
    "  discount_text TEXT NOT NULL,"
    "  valid_from INTEGER NOT NULL,"
    "  valid_until INTEGER NOT NULL,"
    "  image_url TEXT NOT NULL,"
    "  imported_ms INTEGER NOT NULL,"
    "  batch_id TEXT NOT NULL"
    ") STRICT;"
    "CREATE INDEX promotions_by_retailer ON promotions (retailer_id, valid_until);"
    "CREATE INDEX promotions_by_end ON promotions (valid_until);"
    "CREATE TABLE import_batches ("
    "  batch_id TEXT PRIMARY KEY,"
    "  retailer_id TEXT NOT NULL,"
    "  answer TEXT NOT NULL,"
    "  imported_ms INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX import_batches_by_age ON import_batches (imported_ms);";

#define LOADGEN_PROMOTION_COLUMNS                                                                        \
    "promotion_id, retailer_id, product_name, brand, category, description, unit, original_price_cents," \
    " offer_price_cents, discount_text, valid_from, valid_until, image_url, imported_ms"

std::int64_t number_of(Day day) {
    return day.time_since_epoch().count();
}

Day day_from(std::int64_t number) {
    return Day(std::chrono::days(number));
}

Promotion read_promotion(const Row& row) {
    return {.promotion_id = std::string(row.text(0)),
            .retailer_id = std::string(row.text(1)),
            .product_name = std::string(row.text(2)),
            .brand = std::string(row.text(3)),
            .category = std::string(row.text(4)),
            .description = std::string(row.text(5)),
            .unit = std::string(row.text(6)),
            .original_price_cents = row.integer(7),
            .offer_price_cents = row.integer(8),
            .discount_text = std::string(row.text(9)),
            .valid_from = day_from(row.integer(10)),
            .valid_until = day_from(row.integer(11)),
            .image_url = std::string(row.text(12)),
            .imported_ms = row.integer(13)};
}

constexpr std::string_view kWhere =
    " FROM promotions WHERE (?1 = '' OR retailer_id = ?1) AND (?2 = '' OR category = ?2)"
    " AND (?3 = '' OR promotion_id IN (SELECT value FROM json_each(?3)))"
    " AND (?4 IS NULL OR (valid_from <= ?4 AND valid_until >= ?4))";

std::string_view order_by(Order order) {
    switch (order) {
        case Order::kDiscount:
            return " ORDER BY (original_price_cents - offer_price_cents) * 1.0 / original_price_cents DESC, "
                   "promotion_id";
        case Order::kEndDate:
            return " ORDER BY valid_until, promotion_id";
        case Order::kPrice:
            return " ORDER BY offer_price_cents, promotion_id";
        case Order::kRelevance:
            break;
    }
    return " ORDER BY imported_ms DESC, promotion_id";
}

std::string json_texts(const std::vector<std::string>& texts) {
    std::string json;
    text::JsonWriter out(json);
    out.begin_array();
    for (const std::string& text : texts) out.string(text);
    out.end_array();
    return json;
}

Result<void> upsert(Statements& tables, const Promotion& promotion, std::string_view batch_id,
                    std::int64_t now_ms) {
    std::int64_t number = 0;
    auto done = tables.run(
        "INSERT INTO promotions (" LOADGEN_PROMOTION_COLUMNS
        ", batch_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (promotion_id) DO UPDATE SET product_name = excluded.product_name, brand = "
        "excluded.brand,"
        " category = excluded.category, description = excluded.description, unit = excluded.unit,"
        " original_price_cents = excluded.original_price_cents, offer_price_cents = "
        "excluded.offer_price_cents,"
        " discount_text = excluded.discount_text, valid_from = excluded.valid_from,"
        " valid_until = excluded.valid_until, image_url = excluded.image_url, imported_ms = "
        "excluded.imported_ms,"
        " batch_id = excluded.batch_id RETURNING row",
        params(promotion.promotion_id, promotion.retailer_id, promotion.product_name, promotion.brand,
               promotion.category, promotion.description, promotion.unit, promotion.original_price_cents,
               promotion.offer_price_cents, promotion.discount_text, number_of(promotion.valid_from),
               number_of(promotion.valid_until), promotion.image_url, now_ms, batch_id),
        [&number](const Row& row) { number = row.integer(0); });
    if (!done) return done;
    const std::array<std::string_view, 4> texts = {promotion.product_name, promotion.brand,
                                                   promotion.category, promotion.description};
    return offer_index().put(tables, number, texts);
}

}  // namespace

const store::FullTextIndex& offer_index() {
    static const store::FullTextIndex index(
        "promotion_terms", {{"name", 3}, {"brand", 2}, {"category", 1.5}, {"description", 1}});
    return index;
}

std::span<const std::string_view> migrations() {
    static const std::array<std::string_view, 2> kMigrations = {kTables, offer_index().schema()};
    return kMigrations;
}

Result<std::vector<Retailer>> list_retailers(Statements& tables, Day today) {
    return store::find_all(
        tables,
        "SELECT r.retailer_id, r.name, r.logo_url, (SELECT count(*) FROM promotions p WHERE"
        " p.retailer_id = r.retailer_id AND p.valid_from <= ?1 AND p.valid_until >= ?1)"
        " FROM retailers r ORDER BY r.name, r.retailer_id",
        params(number_of(today)), [](const Row& row) {
            return Retailer{std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                            row.integer(3)};
        });
}

Result<bool> is_retailer(Statements& tables, std::string_view retailer_id) {
    auto found = store::find_one(tables, "SELECT 1 FROM retailers WHERE retailer_id = ?", params(retailer_id),
                                 [](const Row& row) { return row.integer(0); });
    if (!found) return std::move(found).error();
    return found->has_value();
}

Result<void> add_retailer(Statements& tables, const Retailer& retailer) {
    return tables.run(
        "INSERT INTO retailers (retailer_id, name, logo_url) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        params(retailer.retailer_id, retailer.name, retailer.logo_url));
}

Result<PromotionPage> browse(Statements& tables, const Browse& browse) {
    const std::string ids = browse.promotion_ids.empty() ? std::string() : json_texts(browse.promotion_ids);
    std::optional<std::int64_t> on;
    if (browse.on) on = number_of(*browse.on);
    PromotionPage page;
    auto done = tables.run(std::string("SELECT count(*)").append(kWhere),
                           params(browse.retailer_id, browse.category, ids, on),
                           [&page](const Row& row) { page.total = row.integer(0); });
    if (!done) return std::move(done).error();
    std::string sql("SELECT " LOADGEN_PROMOTION_COLUMNS);
    sql.append(kWhere).append(order_by(browse.order)).append(" LIMIT ?5 OFFSET ?6");
    auto items = store::find_all(
        tables, sql, params(browse.retailer_id, browse.category, ids, on, browse.size, browse.from),
        read_promotion);
    if (!items) return std::move(items).error();
    page.items = std::move(*items);
    return page;
}

Result<std::optional<Promotion>> find_promotion(Statements& tables, std::string_view promotion_id) {
    return store::find_one(tables,
                           "SELECT " LOADGEN_PROMOTION_COLUMNS " FROM promotions WHERE promotion_id = ?",
                           params(promotion_id), read_promotion);
}

Result<std::optional<Promotion>> find_by_row(Statements& tables, std::int64_t row) {
    return store::find_one(tables, "SELECT " LOADGEN_PROMOTION_COLUMNS " FROM promotions WHERE row = ?",
                           params(row), read_promotion);
}

Result<bool> delete_promotion(Statements& tables, std::string_view promotion_id) {
    auto number = store::find_one(tables, "DELETE FROM promotions WHERE promotion_id = ? RETURNING row",
                                  params(promotion_id), [](const Row& row) { return row.integer(0); });
    if (!number) return std::move(number).error();
    if (!*number) return false;
    auto done = offer_index().remove(tables, **number);
    if (!done) return std::move(done).error();
    return true;
}

Result<ImportOutcome> store_batch(Statements& tables, const Batch& batch, std::int64_t now_ms) {
    ImportOutcome outcome;
    outcome.rejected = batch.rejected;
    for (const Promotion& promotion : batch.promotions) {
        auto known = find_promotion(tables, promotion.promotion_id);
        if (!known) return std::move(known).error();
        auto done = upsert(tables, promotion, batch.batch_id, now_ms);
        if (!done) return std::move(done).error();
        ++(*known ? outcome.updated : outcome.accepted);
    }
    return outcome;
}

Result<std::optional<std::string>> find_batch_answer(Statements& tables, std::string_view batch_id) {
    return store::find_one(tables, "SELECT answer FROM import_batches WHERE batch_id = ?", params(batch_id),
                           [](const Row& row) { return std::string(row.text(0)); });
}

Result<void> remember_batch(Statements& tables, const Batch& batch, std::string_view answer,
                            std::int64_t now_ms) {
    return tables.run(
        "INSERT INTO import_batches (batch_id, retailer_id, answer, imported_ms) VALUES (?, ?, ?, ?)",
        params(batch.batch_id, batch.retailer_id, answer, now_ms));
}

Result<void> forget_old(Statements& tables, Day day, std::int64_t batches_before_ms) {
    std::vector<std::int64_t> gone;
    auto done = tables.run(
        "DELETE FROM promotions WHERE row IN (SELECT row FROM promotions WHERE valid_until < ? LIMIT 500)"
        " RETURNING row",
        params(number_of(day)), [&gone](const Row& row) { gone.push_back(row.integer(0)); });
    for (const std::int64_t number : gone) {
        if (done) done = offer_index().remove(tables, number);
    }
    if (!done) return done;
    return tables.run("DELETE FROM import_batches WHERE imported_ms < ?", params(batches_before_ms));
}

}  // namespace loadgen::services::grocery::elastic
