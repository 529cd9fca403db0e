#include "services/grocery/stats/events/consumers.hpp"

#include "services/grocery/stats/store/stats.hpp"

namespace loadgen::services::grocery::stats {
namespace {

using contracts::Event;
using runtime::Transaction;

Result<void> count(Transaction& transaction, const Event& event) {
    const auto item = read_item_event(event.data);
    if (!item) return item.error();
    return record(transaction.tables(), *item, event.id, event.time);
}

Result<void> follow_list(Transaction& transaction, const Event& event) {
    const auto change = read_list_changed(event.data);
    if (!change) return change.error();
    return set_members(transaction.tables(), change->list_id, change->version, change->member_ids);
}

}  // namespace

void add_consumers(runtime::Consumers& consumers) {
    consumers.on({.queue = "GroceryStatsItems", .types = {ItemEvent::kType}}, count);
    consumers.on({.queue = "GroceryStatsLists", .types = {ListChanged::kType}}, follow_list);
}

}  // namespace loadgen::services::grocery::stats
