// What operators and the sweep ask of the tables.
#include <algorithm>
#include <array>

#include "services/bus/detail/tables.hpp"

namespace loadgen::services::bus::detail {
namespace {

using store::Parameter;
using store::Row;
using store::Statements;

WallMs latest_claim_end(const Queue& queue, WallTime now) {
    // A millisecond of tolerance: claims are made with the clock of their moment, rounded down.
    return wall_ms({now.unix_ns + queue.settings.visibility_timeout.count()}) + 1;
}

std::int64_t oldest_kept_ns(const Queue& queue, WallTime now) {
    return now.unix_ns - queue.settings.dead_letter_retention.count();
}

Result<bool> any_row(Statements& reader, std::string_view sql, std::span<const Parameter> parameters) {
    bool found = false;
    auto done = reader.run(sql, parameters, [&found](const Row&) { found = true; });
    if (!done) return std::move(done).error();
    return found;
}

struct Letter {
    std::int64_t sequence = 0;
    std::string id;
};

Result<std::vector<Letter>> letters_of(Statements& tables, std::int64_t queue) {
    std::vector<Letter> letters;
    const std::array<Parameter, 1> parameters = {queue};
    auto done = tables.run("SELECT sequence, event_id FROM dead_letters WHERE queue = ? ORDER BY sequence",
                           parameters, [&letters](const Row& row) {
                               letters.push_back({row.integer(0), std::string(row.text(1))});
                           });
    if (!done) return std::move(done).error();
    return letters;
}

/// A queue that holds the event again (it was published twice) keeps that copy; the letter goes.
Result<void> revive(Statements& tables, std::int64_t letter, std::int64_t sequence) {
    const std::array<Parameter, 2> parameters = {sequence, letter};
    auto done = tables.run(
        "INSERT INTO copies (sequence, queue, event_id, visible_ms, receives, claimed, enqueued_ns)"
        " SELECT ?, queue, event_id, 0, 0, 0, enqueued_ns FROM dead_letters WHERE sequence = ?"
        " ON CONFLICT (queue, event_id) DO NOTHING",
        parameters);
    if (done && tables.changes() > 0) {
        done = tables.run(
            "INSERT INTO bodies (sequence, type, source, body)"
            " SELECT ?, type, source, body FROM dead_letters WHERE sequence = ?",
            parameters);
    }
    if (!done) return done;
    const std::array<Parameter, 1> gone = {letter};
    return tables.run("DELETE FROM dead_letters WHERE sequence = ?", gone);
}

}  // namespace

Result<void> tidy(Statements& tables, const Queue& queue, WallTime now) {
    const WallMs latest = latest_claim_end(queue, now);
    const std::array<Parameter, 3> claims = {latest, queue.id, latest};
    auto done = tables.run(
        "UPDATE copies SET visible_ms = ? WHERE queue = ? AND visible_ms > ? AND claimed = 1", claims);
    if (!done) return done;
    const std::array<Parameter, 2> letters = {queue.id, oldest_kept_ns(queue, now)};
    return tables.run("DELETE FROM dead_letters WHERE queue = ? AND died_ns < ?", letters);
}

Result<std::uint64_t> redrive_letters(Statements& tables, std::int64_t queue,
                                      std::span<const std::string> ids) {
    auto state = read_state(tables);
    if (!state) return std::move(state).error();
    auto letters = letters_of(tables, queue);
    if (!letters) return std::move(letters).error();
    std::uint64_t revived = 0;
    for (const Letter& letter : *letters) {
        if (!ids.empty() && std::ranges::find(ids, letter.id) == ids.end()) continue;
        auto done = revive(tables, letter.sequence, state->next_sequence++);
        if (!done) return std::move(done).error();
        ++revived;
    }
    auto done = write_next_sequence(tables, state->next_sequence);
    if (!done) return std::move(done).error();
    return revived;
}

Result<bool> has_visible(Statements& reader, std::int64_t queue, WallTime now) {
    const std::array<Parameter, 2> parameters = {queue, wall_ms(now)};
    return any_row(reader, "SELECT 1 FROM copies WHERE queue = ? AND visible_ms <= ? LIMIT 1", parameters);
}

Result<bool> is_untidy(Statements& reader, const Queue& queue, WallTime now) {
    const std::array<Parameter, 2> claims = {queue.id, latest_claim_end(queue, now)};
    auto untidy = any_row(
        reader, "SELECT 1 FROM copies WHERE queue = ? AND visible_ms > ? AND claimed = 1 LIMIT 1", claims);
    if (!untidy || *untidy) return untidy;
    const std::array<Parameter, 2> letters = {queue.id, oldest_kept_ns(queue, now)};
    return any_row(reader, "SELECT 1 FROM dead_letters WHERE queue = ? AND died_ns < ? LIMIT 1", letters);
}

Result<std::vector<QueueDepth>> read_depths(Statements& reader, WallTime now) {
    std::vector<QueueDepth> depths;
    const std::array<Parameter, 1> parameters = {wall_ms(now)};
    auto done = reader.run(
        "SELECT q.name, count(c.sequence), coalesce(sum(c.claimed = 1 AND c.visible_ms > ?), 0),"
        " (SELECT count(*) FROM dead_letters d WHERE d.queue = q.id), min(c.enqueued_ns)"
        " FROM queues q LEFT JOIN copies c ON c.queue = q.id GROUP BY q.id ORDER BY q.name",
        parameters, [&](const Row& row) {
            QueueDepth& depth = depths.emplace_back();
            depth.queue = row.text(0);
            depth.in_flight = static_cast<std::uint64_t>(row.integer(2));
            depth.waiting = static_cast<std::uint64_t>(row.integer(1)) - depth.in_flight;
            depth.dead = static_cast<std::uint64_t>(row.integer(3));
            if (!row.is_null(4)) {
                depth.oldest_age = Nanos(std::max<std::int64_t>(0, now.unix_ns - row.integer(4)));
            }
        });
    if (!done) return std::move(done).error();
    return depths;
}

Result<std::vector<DeadLetter>> read_dead_letters(Statements& reader, std::string_view queue,
                                                  std::size_t limit) {
    std::vector<DeadLetter> letters;
    const std::array<Parameter, 2> parameters = {queue, static_cast<std::int64_t>(limit)};
    auto done = reader.run(
        "SELECT q.name, d.sequence, d.event_id, d.type, d.body, d.receives, d.enqueued_ns, d.died_ns"
        " FROM dead_letters d JOIN queues q ON q.id = d.queue WHERE q.name = ?"
        " ORDER BY d.died_ns, d.sequence LIMIT ?",
        parameters, [&letters](const Row& row) {
            letters.push_back({.queue = std::string(row.text(0)),
                               .sequence = row.integer(1),
                               .id = std::string(row.text(2)),
                               .type = std::string(row.text(3)),
                               .body = std::string(row.text(4)),
                               .receives = static_cast<int>(row.integer(5)),
                               .enqueued = WallTime{row.integer(6)},
                               .died = WallTime{row.integer(7)}});
        });
    if (!done) return std::move(done).error();
    return letters;
}

}  // namespace loadgen::services::bus::detail
