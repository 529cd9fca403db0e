// Daily counters, the events behind them, what is known of the offers that they count, and who keeps which
// lists.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/grocery/shared/domain/calendar.hpp"
#include "services/grocery/stats/domain/tally.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::grocery::stats {

std::span<const std::string_view> migrations();

// Errors are the store's.

/// Raises the day's counters and keeps the event.
Result<void> record(store::Statements& tables, const ItemEvent& event, std::string_view event_id,
                    WallTime at);

/// Counts of one dimension from the day `since` on.
struct TopQuery {
    std::string_view metric;
    Day since;
    std::string_view retailer_id = {};  ///< empty: all
    std::int64_t limit = 10;
};
struct TopPromotion {
    std::string promotion_id;
    std::string name;  ///< empty while it is not known
    std::string retailer_id;
    std::int64_t count = 0;
};
Result<std::vector<TopPromotion>> top_promotions(store::Statements& tables, const TopQuery& query);

struct RetailerCounts {
    std::string retailer_id;
    std::int64_t views = 0;
    std::int64_t adds = 0;
    std::int64_t checks = 0;
};
Result<std::vector<RetailerCounts>> retailer_counts(store::Statements& tables, Day since);

struct TermCount {
    std::string term;
    std::int64_t count = 0;
    std::int64_t zero_hits = 0;
};
Result<std::vector<TermCount>> search_terms(store::Statements& tables, Day since, std::int64_t limit);

struct UserCounts {
    std::int64_t lists = 0;
    std::int64_t items_added = 0;
    std::int64_t items_checked = 0;
    std::int64_t savings_cents = 0;
};
Result<UserCounts> user_counts(store::Statements& tables, std::string_view user_id);

/// Takes over who may see a list; an older version than the one known changes nothing.
Result<void> set_members(store::Statements& tables, std::string_view list_id, std::int64_t version,
                         const std::vector<std::string>& user_ids);

/// What the counters need of an offer that another service keeps.
struct KnownPromotion {
    std::string promotion_id;
    std::string name;
    std::int64_t savings_cents = 0;
};
/// Offers that events named and nothing is known of, or not for an hour of those that were not found.
Result<std::vector<std::string>> unknown_promotions(store::Statements& tables, std::int64_t now_ms,
                                                    std::int64_t limit);
/// Keeps what was found of `asked`; the rest is asked for again in an hour.
Result<void> remember_promotions(store::Statements& tables, const std::vector<std::string>& asked,
                                 const std::vector<KnownPromotion>& found, std::int64_t now_ms);

/// Forgets events older than 30 days, some thousand at a time.
Result<void> forget_events(store::Statements& tables, std::int64_t now_ms);

}  // namespace loadgen::services::grocery::stats
