// One table for everything that is asked for by its owner: the users and the lists service each have one of
// their own. A row is found by partition and sort key ("USER#7", "FAV#kaas"), or the other way round by its
// index keys
// ("FAV#kaas", "USER#7"); what else it says is one JSON object.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::grocery {

struct MonoRow {
    std::string partition;
    std::string sort;
    std::string index_partition = {};  ///< GSI1PK; empty: the row is not in the index
    std::string index_sort = {};       ///< GSI1SK
    std::string attributes = "{}";     ///< a JSON object
    std::int64_t version = 0;
    std::int64_t expires_ms = 0;  ///< since 1970; 0: never
};

/// Rows of one partition in order of their sort keys.
struct MonoRange {
    std::string partition;
    std::string prefix = {};  ///< of the sort key
    std::string after = {};   ///< sort keys behind it only; empty: all
    std::int64_t limit = 10'000;
    bool descending = false;
};

/// The table's migration. Keys compare byte by byte.
inline constexpr std::string_view kMonoTableSchema =
    "CREATE TABLE user_list_table ("
    "  pk TEXT NOT NULL,"
    "  sk TEXT NOT NULL,"
    "  gsi1pk TEXT NOT NULL DEFAULT '',"
    "  gsi1sk TEXT NOT NULL DEFAULT '',"
    "  attributes TEXT NOT NULL,"
    "  version INTEGER NOT NULL DEFAULT 0,"
    "  expires_ms INTEGER NOT NULL DEFAULT 0,"
    "  PRIMARY KEY (pk, sk)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX user_list_gsi1 ON user_list_table (gsi1pk, gsi1sk) WHERE gsi1pk <> '';"
    "CREATE INDEX user_list_expiry ON user_list_table (expires_ms) WHERE expires_ms > 0;";

using MonoRows = std::vector<MonoRow>;

// Errors are the store's. Those that change rows belong into a transaction.
Result<std::optional<MonoRow>> find_row(store::Statements& tables, std::string_view partition,
                                        std::string_view sort);
Result<MonoRows> find_rows(store::Statements& tables, const MonoRange& range);
/// Rows of one index partition in order of their index sort keys, those behind `after` only.
Result<MonoRows> find_indexed(store::Statements& tables, std::string_view index_partition,
                              std::string_view after = {}, std::int64_t limit = 10'000);
/// Index partitions that begin with `prefix`, behind `after`, each once.
Result<std::vector<std::string>> find_index_partitions(store::Statements& tables, std::string_view prefix,
                                                       std::string_view after, std::int64_t limit);
Result<std::int64_t> count_rows(store::Statements& tables, std::string_view partition,
                                std::string_view prefix);

Result<void> put_row(store::Statements& tables, const MonoRow& row);
/// False when there was such a row; it stays as it is.
Result<bool> put_new_row(store::Statements& tables, const MonoRow& row);
/// False when there was none.
Result<bool> erase_row(store::Statements& tables, std::string_view partition, std::string_view sort);
Result<void> erase_partition(store::Statements& tables, std::string_view partition);
Result<void> erase_indexed(store::Statements& tables, std::string_view index_partition);
/// Removes up to `limit` rows whose time is over.
Result<void> erase_expired(store::Statements& tables, std::int64_t now_ms, std::int64_t limit = 1000);

}  // namespace loadgen::services::grocery
