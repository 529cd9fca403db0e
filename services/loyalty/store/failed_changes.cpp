#include "services/loyalty/store/failed_changes.hpp"

#include "services/store/query.hpp"

namespace loadgen::services::loyalty {

constinit const std::string_view kFailedChangesSchema =
    "CREATE TABLE failed_changes ("
    "  sequence INTEGER PRIMARY KEY,"
    "  key TEXT NOT NULL,"
    "  old_image TEXT,"
    "  new_image TEXT,"
    "  error TEXT NOT NULL,"
    "  failed_ms INTEGER NOT NULL"
    ") STRICT;";

Result<void> keep_failed_change(store::Statements& tables, const store::ChangeRecord& change,
                                std::string_view why, std::int64_t now_ms) {
    return tables.run(
        "INSERT INTO failed_changes (sequence, key, old_image, new_image, error, failed_ms)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        store::params(change.sequence, change.key, change.old_image, change.new_image, why, now_ms));
}

}  // namespace loadgen::services::loyalty
