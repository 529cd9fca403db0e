#include "services/store/expiry.hpp"

#include "services/store/query.hpp"

namespace loadgen::services::store {
namespace {

std::string key_columns(const ExpiringTable& table) {
    if (table.key.empty()) return "rowid";
    std::string columns;
    for (const Name& column : table.key) {
        if (!columns.empty()) columns += ", ";
        columns += column.quoted();
    }
    return columns;
}

}  // namespace

std::string expiry_schema(const ExpiringTable& table) {
    const std::string name(table.table.text());
    return "CREATE INDEX IF NOT EXISTS " + name + "_by_expiry ON " + table.table.quoted() +
           " (expires_at) WHERE expires_at IS NOT NULL;";
}

Result<std::int64_t> sweep_expired(Statements& tables, const ExpiringTable& table, std::int64_t now_ms,
                                   std::int64_t limit) {
    const std::string key = key_columns(table);
    const std::string name = table.table.quoted();
    const std::string sql = "DELETE FROM " + name + " WHERE (" + key + ") IN (SELECT " + key + " FROM " +
                            name + " WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)";
    auto done = tables.run(sql, params(now_ms, limit));
    if (!done) return std::move(done).error();
    return tables.changes();
}

Store::Change expire(ExpiringTable table, std::int64_t now_ms, std::int64_t limit) {
    return [table = std::move(table), now_ms, limit](Statements& tables) -> Result<void> {
        auto removed = sweep_expired(tables, table, now_ms, limit);
        if (!removed) return std::move(removed).error();
        return {};
    };
}

}  // namespace loadgen::services::store
