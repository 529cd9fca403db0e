// Change streams: every insert, update and delete of a table, with the row before and after, in the order of
// the commits and in the same transaction as the change itself.
//
// Triggers append to the table `store_changes`; consumers have a name and keep how far they got in
// `store_change_cursors`. Delivery is at least once: a consumer reads behind its cursor, acts, and moves the
// cursor, best in the transaction of its effect. When a batch fails it may read a smaller one from the same
// place. An update that changes none of the columns is no change. Formats: docs/store.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/store/name.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::store {

struct StreamedTable {
    Name table;
    std::vector<Name> key;      ///< columns of the primary key, at least one
    std::vector<Name> columns;  ///< what the images hold; 50 at most
};

/// The migration for the log and the cursors. Once a database.
std::string change_log_schema();

/// The migration that starts a table's stream. Run again, with other columns, it takes the place of the
/// earlier one.
std::string change_stream_schema(const StreamedTable& table);

enum class ChangeOperation { kInsert, kUpdate, kDelete };

struct ChangeRecord {
    std::int64_t sequence = 0;  ///< grows with the order of the changes; never used twice; has gaps
    ChangeOperation operation = ChangeOperation::kInsert;
    std::string key;                       ///< one column: its text; several: a JSON array
    std::optional<std::string> old_image;  ///< JSON object; none for an insert
    std::optional<std::string> new_image;  ///< JSON object; none for a delete
};

/// Who reads a stream. A table may have several; each has a place of its own.
struct ChangeConsumer {
    Name name;
    Name table;
};

// Errors of the functions below are the store's. Those that change something belong into a transaction.

/// Remembers the consumer, who starts at the oldest change that is kept. Leaves one that is known where it
/// is.
Result<void> add_change_consumer(Statements& tables, const ChangeConsumer& consumer);
/// Forgets it. What only this consumer had not read may then be trimmed.
Result<void> remove_change_consumer(Statements& tables, const ChangeConsumer& consumer);

/// The last change that the consumer is done with; 0 at the start. kInternal when it was never added.
Result<std::int64_t> change_cursor(Statements& tables, const ChangeConsumer& consumer);

/// Up to `limit` changes of a table behind `after`, oldest first.
Result<std::vector<ChangeRecord>> read_changes(Statements& tables, const Name& table, std::int64_t after,
                                               std::int64_t limit);

/// Moves the cursor. False, and nothing moves, when it is not at `from` any more: another process, as there
/// may be two during a restart, was faster, and the effect of this batch must be undone.
Result<bool> move_change_cursor(Statements& tables, const ChangeConsumer& consumer, std::int64_t from,
                                std::int64_t to);

/// Removes up to `limit` changes of a table that all its consumers are done with, oldest first; how many. A
/// table without consumers keeps everything.
Result<std::int64_t> trim_changes(Statements& tables, const Name& table, std::int64_t limit);
/// Removes up to `limit` changes up to and with `last`, whether they were read or not; how many.
Result<std::int64_t> delete_changes(Statements& tables, const Name& table, std::int64_t last,
                                    std::int64_t limit);

}  // namespace loadgen::services::store
