#include "services/runtime/messaging/inbox.hpp"

#include <array>

namespace loadgen::services::runtime {

// Rows are added in the order of time, so the oldest are the first of the row ids and need no index of their
// own.
const std::string_view kInboxSchema =
    "CREATE TABLE IF NOT EXISTS inbox ("
    "  id INTEGER PRIMARY KEY,"
    "  queue TEXT NOT NULL,"
    "  key TEXT NOT NULL,"
    "  handled_ms INTEGER NOT NULL,"
    "  UNIQUE (key, queue)"
    ") STRICT;";

namespace {

constexpr std::int64_t kNanosPerMilli = 1'000'000;

}  // namespace

Result<bool> first_time(store::Statements& tables, std::string_view queue, std::string_view key,
                        WallTime now) {
    const std::array<store::Parameter, 3> values = {queue, key, now.unix_ns / kNanosPerMilli};
    bool added = false;
    auto done = tables.run(
        "INSERT INTO inbox (queue, key, handled_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
        values, [&added](const store::Row& /*row*/) { added = true; });
    if (!done) return std::move(done).error();
    return added;
}

store::Store::Change forget_handled(WallTime now) {
    return [before = (now.unix_ns - kInboxRetention.count()) / kNanosPerMilli](store::Statements& tables) {
        const std::array<store::Parameter, 1> values = {before};
        return tables.run(
            "DELETE FROM inbox WHERE id IN (SELECT id FROM inbox ORDER BY id LIMIT 1000) AND handled_ms < ?",
            values);
    };
}

}  // namespace loadgen::services::runtime
