#include "services/store/change_stream.hpp"

#include "services/store/query.hpp"

namespace loadgen::services::store {
namespace {

std::string join(const std::vector<Name>& columns, std::string_view separator, auto&& piece) {
    std::string joined;
    for (const Name& column : columns) {
        if (!joined.empty()) joined += separator;
        joined += piece(column);
    }
    return joined;
}

/// A column's value in a form that JSON can hold: bytes as hexadecimal digits, no infinities.
std::string json_value(std::string_view row, const Name& column) {
    const std::string value = std::string(row) + "." + column.quoted();
    return "CASE WHEN typeof(" + value + ") = 'blob' THEN hex(" + value + ") WHEN " + value +
           " IN (9e999, -9e999) THEN NULL ELSE " + value + " END";
}

std::string image(std::string_view row, const StreamedTable& table) {
    return "json_object(" +
           join(table.columns, ", ",
                [&](const Name& column) {
                    return "'" + std::string(column.text()) + "', " + json_value(row, column);
                }) +
           ")";
}

std::string key_of(std::string_view row, const StreamedTable& table) {
    if (table.key.size() == 1) return "CAST(" + json_value(row, table.key.front()) + " AS TEXT)";
    return "json_array(" +
           join(table.key, ", ", [&](const Name& column) { return json_value(row, column); }) + ")";
}

struct Trigger {
    std::string_view operation;  ///< as in the log
    std::string_view event;      ///< as in CREATE TRIGGER
    std::string key;
    std::string old_image = "NULL";
    std::string new_image = "NULL";
    std::string condition = {};
};

std::string trigger_schema(const StreamedTable& table, const Trigger& trigger) {
    const std::string table_name(table.table.text());
    const std::string name = table_name + "_stream_" + std::string(trigger.operation);
    std::string sql = "DROP TRIGGER IF EXISTS " + name + ";CREATE TRIGGER " + name + " AFTER ";
    sql.append(trigger.event).append(" ON ").append(table.table.quoted());
    if (!trigger.condition.empty()) sql.append(" WHEN ").append(trigger.condition);
    sql.append(
        " BEGIN INSERT INTO store_changes (table_name, operation, key, old_image, new_image) VALUES ('");
    sql.append(table_name).append("', '").append(trigger.operation).append("', ").append(trigger.key);
    sql.append(", ").append(trigger.old_image).append(", ").append(trigger.new_image).append("); END;");
    return sql;
}

ChangeOperation operation_named(std::string_view name) {
    if (name == "insert") return ChangeOperation::kInsert;
    return name == "update" ? ChangeOperation::kUpdate : ChangeOperation::kDelete;
}

std::optional<std::string> optional_text(const Row& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return std::string(row.text(column));
}

ChangeRecord read_record(const Row& row) {
    return {.sequence = row.integer(0),
            .operation = operation_named(row.text(1)),
            .key = std::string(row.text(2)),
            .old_image = optional_text(row, 3),
            .new_image = optional_text(row, 4)};
}

Result<std::int64_t> run_counted(Statements& tables, std::string_view sql,
                                 std::span<const Parameter> parameters) {
    auto done = tables.run(sql, parameters);
    if (!done) return std::move(done).error();
    return tables.changes();
}

}  // namespace

std::string change_log_schema() {
    // AUTOINCREMENT: without it the numbers of trimmed changes would be given out again, behind the cursors.
    return "CREATE TABLE IF NOT EXISTS store_changes ("
           "  sequence INTEGER PRIMARY KEY AUTOINCREMENT,"
           "  table_name TEXT NOT NULL,"
           "  operation TEXT NOT NULL,"
           "  key TEXT NOT NULL,"
           "  old_image TEXT,"
           "  new_image TEXT"
           ") STRICT;"
           "CREATE INDEX IF NOT EXISTS store_changes_by_table ON store_changes (table_name, sequence);"
           "CREATE TABLE IF NOT EXISTS store_change_cursors ("
           "  table_name TEXT NOT NULL,"
           "  consumer TEXT NOT NULL,"
           "  sequence INTEGER NOT NULL,"
           "  PRIMARY KEY (table_name, consumer)"
           ") STRICT, WITHOUT ROWID;";
}

std::string change_stream_schema(const StreamedTable& table) {
    const std::string old_image = image("OLD", table);
    const std::string new_image = image("NEW", table);
    const std::string changed = join(table.columns, " OR ", [](const Name& column) {
        return "OLD." + column.quoted() + " IS NOT NEW." + column.quoted();
    });
    return trigger_schema(table, {.operation = "insert",
                                  .event = "INSERT",
                                  .key = key_of("NEW", table),
                                  .new_image = new_image}) +
           trigger_schema(table, {.operation = "update",
                                  .event = "UPDATE",
                                  .key = key_of("NEW", table),
                                  .old_image = old_image,
                                  .new_image = new_image,
                                  .condition = changed}) +
           trigger_schema(table, {.operation = "delete",
                                  .event = "DELETE",
                                  .key = key_of("OLD", table),
                                  .old_image = old_image});
}

Result<void> add_change_consumer(Statements& tables, const ChangeConsumer& consumer) {
    return tables.run(
        "INSERT INTO store_change_cursors (table_name, consumer, sequence) VALUES (?, ?, 0) ON CONFLICT DO "
        "NOTHING",
        params(consumer.table.text(), consumer.name.text()));
}

Result<void> remove_change_consumer(Statements& tables, const ChangeConsumer& consumer) {
    return tables.run("DELETE FROM store_change_cursors WHERE table_name = ? AND consumer = ?",
                      params(consumer.table.text(), consumer.name.text()));
}

Result<std::int64_t> change_cursor(Statements& tables, const ChangeConsumer& consumer) {
    auto found = find_one(
        tables, "SELECT sequence FROM store_change_cursors WHERE table_name = ? AND consumer = ?",
        params(consumer.table.text(), consumer.name.text()), [](const Row& row) { return row.integer(0); });
    if (!found) return std::move(found).error();
    if (*found) return **found;
    return Error{ErrorCode::kInternal, "store: " + std::string(consumer.name.text()) + " is no consumer of " +
                                           std::string(consumer.table.text())};
}

Result<std::vector<ChangeRecord>> read_changes(Statements& tables, const Name& table, std::int64_t after,
                                               std::int64_t limit) {
    return find_all(tables,
                    "SELECT sequence, operation, key, old_image, new_image FROM store_changes"
                    " WHERE table_name = ? AND sequence > ? ORDER BY sequence LIMIT ?",
                    params(table.text(), after, limit), read_record);
}

Result<bool> move_change_cursor(Statements& tables, const ChangeConsumer& consumer, std::int64_t from,
                                std::int64_t to) {
    return run_changed(tables,
                       "UPDATE store_change_cursors SET sequence = ?4"
                       " WHERE table_name = ?1 AND consumer = ?2 AND sequence = ?3",
                       params(consumer.table.text(), consumer.name.text(), from, to));
}

Result<std::int64_t> trim_changes(Statements& tables, const Name& table, std::int64_t limit) {
    return run_counted(tables,
                       "DELETE FROM store_changes WHERE sequence IN (SELECT sequence FROM store_changes"
                       " WHERE table_name = ?1 AND sequence <="
                       " (SELECT min(sequence) FROM store_change_cursors WHERE table_name = ?1)"
                       " ORDER BY sequence LIMIT ?2)",
                       params(table.text(), limit));
}

Result<std::int64_t> delete_changes(Statements& tables, const Name& table, std::int64_t last,
                                    std::int64_t limit) {
    return run_counted(tables,
                       "DELETE FROM store_changes WHERE sequence IN (SELECT sequence FROM store_changes"
                       " WHERE table_name = ?1 AND sequence <= ?2 ORDER BY sequence LIMIT ?3)",
                       params(table.text(), last, limit));
}

}  // namespace loadgen::services::store
