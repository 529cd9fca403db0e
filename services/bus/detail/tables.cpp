#include "services/bus/detail/tables.hpp"

#include <array>

namespace loadgen::services::bus::detail {
namespace {

using store::Parameter;
using store::Row;
using store::Statements;

// Sequences are never used twice, or the receipt of a removed copy could fit a new one. What changes with
// every step lies in the narrow rows of `copies`; `bodies` are written once and removed once.
constexpr std::array<std::string_view, 1> kMigrations = {
    "CREATE TABLE state ("
    "  id INTEGER PRIMARY KEY CHECK (id = 1),"
    "  next_sequence INTEGER NOT NULL,"
    "  version INTEGER NOT NULL"
    ") STRICT;"
    "INSERT INTO state (id, next_sequence, version) VALUES (1, 1, 0);"
    "CREATE TABLE queues ("
    "  id INTEGER PRIMARY KEY,"
    "  name TEXT NOT NULL UNIQUE,"
    "  visibility_ns INTEGER NOT NULL,"
    "  max_receives INTEGER NOT NULL,"
    "  batch_size INTEGER NOT NULL,"
    "  window_ns INTEGER NOT NULL,"
    "  retention_ns INTEGER NOT NULL,"
    "  rules TEXT NOT NULL"
    ") STRICT;"
    "CREATE TABLE copies ("
    "  sequence INTEGER PRIMARY KEY,"
    "  queue INTEGER NOT NULL,"
    "  event_id TEXT NOT NULL,"
    "  visible_ms INTEGER NOT NULL,"
    "  receives INTEGER NOT NULL,"
    "  claimed INTEGER NOT NULL,"
    "  enqueued_ns INTEGER NOT NULL"
    ") STRICT;"
    "CREATE UNIQUE INDEX copies_by_event ON copies (queue, event_id);"
    "CREATE INDEX copies_by_visible ON copies (queue, visible_ms);"
    "CREATE TABLE bodies ("
    "  sequence INTEGER PRIMARY KEY,"
    "  type TEXT NOT NULL,"
    "  source TEXT NOT NULL,"
    "  body TEXT NOT NULL"
    ") STRICT;"
    "CREATE TABLE dead_letters ("
    "  sequence INTEGER PRIMARY KEY,"
    "  queue INTEGER NOT NULL,"
    "  event_id TEXT NOT NULL,"
    "  type TEXT NOT NULL,"
    "  source TEXT NOT NULL,"
    "  body TEXT NOT NULL,"
    "  receives INTEGER NOT NULL,"
    "  enqueued_ns INTEGER NOT NULL,"
    "  died_ns INTEGER NOT NULL"
    ") STRICT;"
    "CREATE INDEX dead_letters_by_time ON dead_letters (queue, died_ns);"};

Result<void> drop_body(Statements& tables, std::int64_t sequence) {
    const std::array<Parameter, 1> parameters = {sequence};
    return tables.run("DELETE FROM bodies WHERE sequence = ?", parameters);
}

/// Runs a change of the copy that the receipt names; true when there was one.
Result<bool> change_copy(Statements& tables, std::string_view sql, std::span<const Parameter> parameters) {
    auto done = tables.run(sql, parameters);
    if (!done) return std::move(done).error();
    return tables.changes() > 0;
}

}  // namespace

std::span<const std::string_view> migrations() {
    return kMigrations;
}

Result<void> put_queue(Statements& tables, const QueueSettings& settings, std::int64_t new_version) {
    auto known = read_queue(tables, settings.name);
    if (!known) return std::move(known).error();
    if (known->id != 0 && same_settings(known->settings, settings)) return {};
    const std::string rules = write_rules(settings.rules);
    const std::array<Parameter, 7> parameters = {std::string_view(settings.name),
                                                 std::int64_t{settings.visibility_timeout.count()},
                                                 std::int64_t{settings.max_receives},
                                                 static_cast<std::int64_t>(settings.batch_size),
                                                 std::int64_t{settings.batch_window.count()},
                                                 std::int64_t{settings.dead_letter_retention.count()},
                                                 std::string_view(rules)};
    auto done = tables.run(
        "INSERT INTO queues (name, visibility_ns, max_receives, batch_size, window_ns, retention_ns, rules)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
        " visibility_ns = excluded.visibility_ns, max_receives = excluded.max_receives,"
        " batch_size = excluded.batch_size, window_ns = excluded.window_ns,"
        " retention_ns = excluded.retention_ns, rules = excluded.rules",
        parameters);
    if (!done) return done;
    const std::array<Parameter, 1> version = {new_version};
    return tables.run("UPDATE state SET version = ?", version);
}

Result<State> read_state(Statements& tables) {
    State state;
    auto done = tables.run("SELECT next_sequence, version FROM state", {}, [&state](const Row& row) {
        state = {row.integer(0), row.integer(1)};
    });
    if (!done) return std::move(done).error();
    return state;
}

Result<void> write_next_sequence(Statements& tables, std::int64_t next) {
    const std::array<Parameter, 1> parameters = {next};
    return tables.run("UPDATE state SET next_sequence = ?", parameters);
}

Result<bool> put_copy(Statements& tables, std::int64_t queue, std::int64_t sequence, const NewCopy& copy) {
    const std::array<Parameter, 5> parameters = {sequence, queue, copy.event_id, copy.visible,
                                                 copy.enqueued.unix_ns};
    auto put = change_copy(
        tables,
        "INSERT INTO copies (sequence, queue, event_id, visible_ms, receives, claimed, enqueued_ns)"
        " VALUES (?, ?, ?, ?, 0, 0, ?) ON CONFLICT (queue, event_id) DO NOTHING",
        parameters);
    if (!put || !*put) return put;
    const std::array<Parameter, 4> body = {sequence, copy.type, copy.source, copy.body};
    auto done = tables.run("INSERT INTO bodies (sequence, type, source, body) VALUES (?, ?, ?, ?)", body);
    if (!done) return std::move(done).error();
    return true;
}

Result<bool> remove_copy(Statements& tables, const Receipt& receipt) {
    const std::array<Parameter, 2> parameters = {receipt.sequence, std::int64_t{receipt.receives}};
    auto removed = change_copy(
        tables, "DELETE FROM copies WHERE sequence = ? AND receives = ? AND claimed = 1", parameters);
    if (!removed || !*removed) return removed;
    auto done = drop_body(tables, receipt.sequence);
    if (!done) return std::move(done).error();
    return true;
}

Result<bool> return_copy(Statements& tables, const Receipt& receipt, WallMs visible) {
    const std::array<Parameter, 3> parameters = {visible, receipt.sequence, std::int64_t{receipt.receives}};
    return change_copy(
        tables,
        "UPDATE copies SET visible_ms = ?, claimed = 0 WHERE sequence = ? AND receives = ? AND claimed = 1",
        parameters);
}

Result<bool> release_copy(Statements& tables, const Receipt& receipt) {
    const std::array<Parameter, 2> parameters = {receipt.sequence, std::int64_t{receipt.receives}};
    return change_copy(tables,
                       "UPDATE copies SET visible_ms = 0, claimed = 0, receives = receives - 1"
                       " WHERE sequence = ? AND receives = ? AND claimed = 1",
                       parameters);
}

Result<bool> bury_copy(Statements& tables, const Receipt& receipt, WallTime now) {
    const std::array<Parameter, 3> parameters = {now.unix_ns, receipt.sequence,
                                                 std::int64_t{receipt.receives}};
    auto buried = change_copy(
        tables,
        "INSERT INTO dead_letters (sequence, queue, event_id, type, source, body, receives, enqueued_ns,"
        " died_ns) SELECT c.sequence, c.queue, c.event_id, b.type, b.source, b.body, c.receives,"
        " c.enqueued_ns, ? FROM copies c JOIN bodies b ON b.sequence = c.sequence"
        " WHERE c.sequence = ? AND c.receives = ?",
        parameters);
    if (!buried || !*buried) return buried;
    const std::array<Parameter, 1> gone = {receipt.sequence};
    auto done = tables.run("DELETE FROM copies WHERE sequence = ?", gone);
    if (done) done = drop_body(tables, receipt.sequence);
    if (!done) return std::move(done).error();
    return true;
}

}  // namespace loadgen::services::bus::detail
