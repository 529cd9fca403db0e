#include "services/grocery/shared/store/mono_table.hpp"

#include <array>

namespace loadgen::services::grocery {
namespace {

using store::Parameter;
using store::Row;
using store::Statements;

constexpr std::string_view kGet =
    "SELECT pk, sk, gsi1pk, gsi1sk, attributes, version, expires_ms FROM user_list_table WHERE pk = ? AND sk "
    "= ?";
constexpr std::string_view kRange =
    "SELECT pk, sk, gsi1pk, gsi1sk, attributes, version, expires_ms FROM user_list_table"
    " WHERE pk = ? AND sk > ? AND sk < ? ORDER BY sk LIMIT ?";
constexpr std::string_view kRangeDescending =
    "SELECT pk, sk, gsi1pk, gsi1sk, attributes, version, expires_ms FROM user_list_table"
    " WHERE pk = ? AND sk > ? AND sk < ? ORDER BY sk DESC LIMIT ?";
constexpr std::string_view kIndexed =
    "SELECT pk, sk, gsi1pk, gsi1sk, attributes, version, expires_ms FROM user_list_table"
    " WHERE gsi1pk <> '' AND gsi1pk = ? AND gsi1sk > ? ORDER BY gsi1sk LIMIT ?";

MonoRow read_row(const Row& row) {
    return {.partition = std::string(row.text(0)),
            .sort = std::string(row.text(1)),
            .index_partition = std::string(row.text(2)),
            .index_sort = std::string(row.text(3)),
            .attributes = std::string(row.text(4)),
            .version = row.integer(5),
            .expires_ms = row.integer(6)};
}

/// Greater than everything that begins with `prefix`: no key holds the byte 0xFF, which is not UTF-8.
std::string behind(std::string_view prefix) {
    return std::string(prefix) + '\xFF';
}

std::array<Parameter, 7> values_of(const MonoRow& row) {
    return {std::string_view(row.partition),
            std::string_view(row.sort),
            std::string_view(row.index_partition),
            std::string_view(row.index_sort),
            std::string_view(row.attributes),
            row.version,
            row.expires_ms};
}

Result<MonoRows> collect(Statements& tables, std::string_view sql, std::span<const Parameter> parameters) {
    MonoRows rows;
    auto done = tables.run(sql, parameters, [&rows](const Row& row) { rows.push_back(read_row(row)); });
    if (!done) return std::move(done).error();
    return rows;
}

/// Runs a statement that returns a row for each row it changed.
Result<bool> changed(Statements& tables, std::string_view sql, std::span<const Parameter> parameters) {
    bool any = false;
    auto done = tables.run(sql, parameters, [&any](const Row&) { any = true; });
    if (!done) return std::move(done).error();
    return any;
}

}  // namespace

Result<std::optional<MonoRow>> find_row(Statements& tables, std::string_view partition,
                                        std::string_view sort) {
    const std::array<Parameter, 2> parameters = {partition, sort};
    std::optional<MonoRow> found;
    auto done = tables.run(kGet, parameters, [&found](const Row& row) { found = read_row(row); });
    if (!done) return std::move(done).error();
    return found;
}

Result<MonoRows> find_rows(Statements& tables, const MonoRange& range) {
    const std::string end = behind(range.prefix);
    // A bare prefix is never a row's whole sort key where rows are listed by it, so "greater" loses none.
    const std::string_view begin =
        range.after.empty() ? std::string_view(range.prefix) : std::string_view(range.after);
    const std::array<Parameter, 4> parameters = {std::string_view(range.partition), begin,
                                                 std::string_view(end), range.limit};
    return collect(tables, range.descending ? kRangeDescending : kRange, parameters);
}

Result<MonoRows> find_indexed(Statements& tables, std::string_view index_partition, std::string_view after,
                              std::int64_t limit) {
    const std::array<Parameter, 3> parameters = {index_partition, after, limit};
    return collect(tables, kIndexed, parameters);
}

Result<std::vector<std::string>> find_index_partitions(Statements& tables, std::string_view prefix,
                                                       std::string_view after, std::int64_t limit) {
    const std::string end = behind(prefix);
    const std::array<Parameter, 3> parameters = {after.empty() ? prefix : after, std::string_view(end),
                                                 limit};
    std::vector<std::string> partitions;
    auto done = tables.run(
        "SELECT DISTINCT gsi1pk FROM user_list_table WHERE gsi1pk <> '' AND gsi1pk > ? AND gsi1pk < ?"
        " ORDER BY gsi1pk LIMIT ?",
        parameters, [&](const Row& row) { partitions.emplace_back(row.text(0)); });
    if (!done) return std::move(done).error();
    return partitions;
}

Result<std::int64_t> count_rows(Statements& tables, std::string_view partition, std::string_view prefix) {
    const std::string end = behind(prefix);
    const std::array<Parameter, 3> parameters = {partition, prefix, std::string_view(end)};
    std::int64_t count = 0;
    auto done = tables.run("SELECT count(*) FROM user_list_table WHERE pk = ? AND sk > ? AND sk < ?",
                           parameters, [&count](const Row& row) { count = row.integer(0); });
    if (!done) return std::move(done).error();
    return count;
}

Result<void> put_row(Statements& tables, const MonoRow& row) {
    return tables.run(
        "INSERT INTO user_list_table (pk, sk, gsi1pk, gsi1sk, attributes, version, expires_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (pk, sk) DO UPDATE SET gsi1pk = excluded.gsi1pk,"
        " gsi1sk = excluded.gsi1sk, attributes = excluded.attributes, version = excluded.version,"
        " expires_ms = excluded.expires_ms",
        values_of(row));
}

Result<bool> put_new_row(Statements& tables, const MonoRow& row) {
    return changed(tables,
                   "INSERT INTO user_list_table (pk, sk, gsi1pk, gsi1sk, attributes, version, expires_ms)"
                   " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (pk, sk) DO NOTHING RETURNING 1",
                   values_of(row));
}

Result<bool> erase_row(Statements& tables, std::string_view partition, std::string_view sort) {
    const std::array<Parameter, 2> parameters = {partition, sort};
    return changed(tables, "DELETE FROM user_list_table WHERE pk = ? AND sk = ? RETURNING 1", parameters);
}

Result<void> erase_partition(Statements& tables, std::string_view partition) {
    const std::array<Parameter, 1> parameters = {partition};
    return tables.run("DELETE FROM user_list_table WHERE pk = ?", parameters);
}

Result<void> erase_indexed(Statements& tables, std::string_view index_partition) {
    const std::array<Parameter, 1> parameters = {index_partition};
    return tables.run("DELETE FROM user_list_table WHERE gsi1pk <> '' AND gsi1pk = ?", parameters);
}

Result<void> erase_expired(Statements& tables, std::int64_t now_ms, std::int64_t limit) {
    const std::array<Parameter, 2> parameters = {now_ms, limit};
    return tables.run(
        "DELETE FROM user_list_table WHERE (pk, sk) IN (SELECT pk, sk FROM user_list_table"
        " WHERE expires_ms > 0 AND expires_ms <= ? LIMIT ?)",
        parameters);
}

}  // namespace loadgen::services::grocery
