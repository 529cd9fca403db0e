// Rows that end on their own: idempotency keys, tokens, notifications.
//
// Such a table has a column `expires_at INTEGER` with the millisecond since 1970 at which the row is gone;
// NULL is never. The sweep runs behind that clock, so a reader leaves out what has ended but still lies
// there:
//
//     ... WHERE ... AND (expires_at IS NULL OR expires_at > ?)    -- ? is now
//
// and a writer that wants a new row under the key of an ended one replaces it, whether it was swept or not:
//
//     INSERT ... ON CONFLICT (key) DO UPDATE SET ... WHERE expires_at <= ?
#pragma once

#include <string>
#include <vector>

#include "services/store/name.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::store {

/// A table with the column `expires_at`.
struct ExpiringTable {
    Name table;
    std::vector<Name> key = {};  ///< columns of the primary key; needed for tables WITHOUT ROWID only
};

/// The migration that adds the index of a table's sweep. Rows that never end take no room in it.
std::string expiry_schema(const ExpiringTable& table);

/// Removes up to `limit` rows that ended at `now_ms` or before, oldest first. How many were removed: fewer
/// than `limit` means that nothing is left to do. Errors are the store's.
Result<std::int64_t> sweep_expired(Statements& tables, const ExpiringTable& table, std::int64_t now_ms,
                                   std::int64_t limit);

/// The same as a change of its own. Small limits keep it from holding up other changes; run it again and
/// again.
Store::Change expire(ExpiringTable table, std::int64_t now_ms, std::int64_t limit);

}  // namespace loadgen::services::store
