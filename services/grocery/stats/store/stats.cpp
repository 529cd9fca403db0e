#include "services/grocery/stats/store/stats.hpp"

#include <array>

#include "services/grocery/shared/domain/promotion.hpp"
#include "services/store/query.hpp"

namespace loadgen::services::grocery::stats {
namespace {

using store::params;
using store::Row;
using store::Statements;

constexpr std::array<std::string_view, 1> kMigrations = {
    "CREATE TABLE counters ("
    "  day INTEGER NOT NULL,"
    "  dimension TEXT NOT NULL,"
    "  key TEXT NOT NULL,"
    "  metric TEXT NOT NULL,"
    "  count INTEGER NOT NULL,"
    "  PRIMARY KEY (dimension, metric, day, key)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX counters_by_key ON counters (dimension, key, metric);"
    "CREATE TABLE events ("
    "  event_id TEXT PRIMARY KEY,"
    "  at_ms INTEGER NOT NULL,"
    "  action TEXT NOT NULL,"
    "  user_id TEXT NOT NULL,"
    "  promotion_id TEXT NOT NULL,"
    "  retailer_id TEXT NOT NULL,"
    "  term TEXT NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX events_by_time ON events (at_ms);"
    "CREATE TABLE user_checks ("
    "  user_id TEXT NOT NULL,"
    "  promotion_id TEXT NOT NULL,"
    "  count INTEGER NOT NULL,"
    "  PRIMARY KEY (user_id, promotion_id)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE promotions ("
    "  promotion_id TEXT PRIMARY KEY,"
    "  name TEXT NOT NULL DEFAULT '',"
    "  savings_cents INTEGER NOT NULL DEFAULT 0,"
    "  ask_again_ms INTEGER NOT NULL DEFAULT 0"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX promotions_unknown ON promotions (ask_again_ms) WHERE name = '';"
    "CREATE TABLE list_versions ("
    "  list_id TEXT PRIMARY KEY,"
    "  version INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE list_members ("
    "  user_id TEXT NOT NULL,"
    "  list_id TEXT NOT NULL,"
    "  PRIMARY KEY (user_id, list_id)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX list_members_by_list ON list_members (list_id);"};

constexpr std::int64_t kKeepEventsMs = 30LL * 24 * 3600 * 1000;
constexpr std::int64_t kAskAgainMs = 3600LL * 1000;

std::int64_t number_of(Day day) {
    return day.time_since_epoch().count();
}

Result<void> raise(Statements& tables, Day day, const Count& count) {
    return tables.run(
        "INSERT INTO counters (day, dimension, key, metric, count) VALUES (?, ?, ?, ?, 1)"
        " ON CONFLICT (dimension, metric, day, key) DO UPDATE SET count = count + 1",
        params(number_of(day), count.dimension, count.key, count.metric));
}

/// What a user checked off is worth what its offer saves, once that is known.
Result<void> note_check(Statements& tables, const ItemEvent& event) {
    if (event.action != ItemEvent::kChecked || event.user_id.empty() || event.promotion_id.empty()) return {};
    return tables.run(
        "INSERT INTO user_checks (user_id, promotion_id, count) VALUES (?, ?, 1)"
        " ON CONFLICT (user_id, promotion_id) DO UPDATE SET count = count + 1",
        params(event.user_id, event.promotion_id));
}

Result<std::int64_t> sum(Statements& tables, std::string_view user_id, std::string_view metric) {
    std::int64_t total = 0;
    auto done = tables.run(
        "SELECT coalesce(sum(count), 0) FROM counters WHERE dimension = ? AND key = ? AND metric = ?",
        params(kUser, user_id, metric), [&total](const Row& row) { total = row.integer(0); });
    if (!done) return std::move(done).error();
    return total;
}

}  // namespace

std::span<const std::string_view> migrations() {
    return kMigrations;
}

Result<void> record(Statements& tables, const ItemEvent& event, std::string_view event_id, WallTime at) {
    const Day day = day_of(at);
    for (const Count& count : counts_of(event)) {
        auto done = raise(tables, day, count);
        if (!done) return done;
    }
    auto done = note_check(tables, event);
    if (done && !event.promotion_id.empty()) {
        done = tables.run("INSERT INTO promotions (promotion_id) VALUES (?) ON CONFLICT DO NOTHING",
                          params(event.promotion_id));
    }
    if (!done) return done;
    return tables.run(
        "INSERT INTO events (event_id, at_ms, action, user_id, promotion_id, retailer_id, term)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        params(event_id, at.unix_ns / 1'000'000, event.action, event.user_id, event.promotion_id,
               event.retailer_id, event.term));
}

Result<std::vector<TopPromotion>> top_promotions(Statements& tables, const TopQuery& query) {
    // A retailer's offers are those that begin with its id and a dash.
    const std::string prefix =
        query.retailer_id.empty() ? std::string() : std::string(query.retailer_id) + "-";
    return store::find_all(tables,
                           "SELECT c.key, coalesce(p.name, ''), sum(c.count) AS total FROM counters c"
                           " LEFT JOIN promotions p ON p.promotion_id = c.key"
                           " WHERE c.dimension = 'promotion' AND c.metric = ?1 AND c.day >= ?2"
                           " AND (?3 = '' OR substr(c.key, 1, length(?3)) = ?3)"
                           " GROUP BY c.key ORDER BY total DESC, c.key LIMIT ?4",
                           params(query.metric, number_of(query.since), prefix, query.limit),
                           [](const Row& row) {
                               return TopPromotion{.promotion_id = std::string(row.text(0)),
                                                   .name = std::string(row.text(1)),
                                                   .retailer_id = std::string(retailer_of(row.text(0))),
                                                   .count = row.integer(2)};
                           });
}

Result<std::vector<RetailerCounts>> retailer_counts(Statements& tables, Day since) {
    return store::find_all(
        tables,
        "SELECT key, sum(CASE metric WHEN 'views' THEN count ELSE 0 END),"
        " sum(CASE metric WHEN 'adds' THEN count ELSE 0 END),"
        " sum(CASE metric WHEN 'checks' THEN count ELSE 0 END)"
        " FROM counters WHERE dimension = 'retailer' AND metric IN ('views', 'adds', 'checks')"
        " AND day >= ? GROUP BY key ORDER BY key",
        params(number_of(since)), [](const Row& row) {
            return RetailerCounts{std::string(row.text(0)), row.integer(1), row.integer(2), row.integer(3)};
        });
}

Result<std::vector<TermCount>> search_terms(Statements& tables, Day since, std::int64_t limit) {
    return store::find_all(tables,
                           "SELECT key, sum(CASE metric WHEN 'searches' THEN count ELSE 0 END) AS total,"
                           " sum(CASE metric WHEN 'zeroHits' THEN count ELSE 0 END)"
                           " FROM counters WHERE dimension = 'term' AND metric IN ('searches', 'zeroHits')"
                           " AND day >= ? GROUP BY key ORDER BY total DESC, key LIMIT ?",
                           params(number_of(since), limit), [](const Row& row) {
                               return TermCount{std::string(row.text(0)), row.integer(1), row.integer(2)};
                           });
}

Result<UserCounts> user_counts(Statements& tables, std::string_view user_id) {
    UserCounts counts;
    auto added = sum(tables, user_id, kAdds);
    if (!added) return std::move(added).error();
    auto checked = sum(tables, user_id, kChecks);
    if (!checked) return std::move(checked).error();
    counts.items_added = *added;
    counts.items_checked = *checked;
    auto done = tables.run("SELECT count(*) FROM list_members WHERE user_id = ?", params(user_id),
                           [&counts](const Row& row) { counts.lists = row.integer(0); });
    if (done) {
        done = tables.run(
            "SELECT coalesce(sum(u.count * p.savings_cents), 0) FROM user_checks u"
            " JOIN promotions p ON p.promotion_id = u.promotion_id WHERE u.user_id = ?",
            params(user_id), [&counts](const Row& row) { counts.savings_cents = row.integer(0); });
    }
    if (!done) return std::move(done).error();
    return counts;
}

Result<void> set_members(Statements& tables, std::string_view list_id, std::int64_t version,
                         const std::vector<std::string>& user_ids) {
    auto newer = store::run_changed(tables,
                                    "INSERT INTO list_versions (list_id, version) VALUES (?, ?)"
                                    " ON CONFLICT (list_id) DO UPDATE SET version = excluded.version"
                                    " WHERE excluded.version > list_versions.version",
                                    params(list_id, version));
    if (!newer) return std::move(newer).error();
    if (!*newer) return {};
    auto done = tables.run("DELETE FROM list_members WHERE list_id = ?", params(list_id));
    for (const std::string& user_id : user_ids) {
        if (!done) return done;
        done = tables.run("INSERT INTO list_members (user_id, list_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                          params(user_id, list_id));
    }
    // A list of that name may be made anew, and its versions begin again.
    if (done && user_ids.empty())
        done = tables.run("DELETE FROM list_versions WHERE list_id = ?", params(list_id));
    return done;
}

Result<std::vector<std::string>> unknown_promotions(Statements& tables, std::int64_t now_ms,
                                                    std::int64_t limit) {
    return store::find_all(tables,
                           "SELECT promotion_id FROM promotions WHERE name = '' AND ask_again_ms <= ?"
                           " ORDER BY ask_again_ms LIMIT ?",
                           params(now_ms, limit), [](const Row& row) { return std::string(row.text(0)); });
}

Result<void> remember_promotions(Statements& tables, const std::vector<std::string>& asked,
                                 const std::vector<KnownPromotion>& found, std::int64_t now_ms) {
    Result<void> done;
    for (const std::string& id : asked) {
        if (done) {
            done = tables.run("UPDATE promotions SET ask_again_ms = ? WHERE promotion_id = ?",
                              params(now_ms + kAskAgainMs, id));
        }
    }
    for (const KnownPromotion& promotion : found) {
        if (done) {
            done = tables.run("UPDATE promotions SET name = ?, savings_cents = ? WHERE promotion_id = ?",
                              params(promotion.name, promotion.savings_cents, promotion.promotion_id));
        }
    }
    return done;
}

Result<void> forget_events(Statements& tables, std::int64_t now_ms) {
    return tables.run(
        "DELETE FROM events WHERE event_id IN (SELECT event_id FROM events WHERE at_ms < ? LIMIT 5000)",
        params(now_ms - kKeepEventsMs));
}

}  // namespace loadgen::services::grocery::stats
