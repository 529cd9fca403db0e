// A change of a list, as one transaction: the version, the change that others read, the event that tells of
// it.
#pragma once

#include <string>
#include <string_view>

#include "services/grocery/lists/store/lists.hpp"
#include "services/runtime/transaction.hpp"

namespace loadgen::services::grocery::lists {

/// What happened, next to what it did to the rows.
struct NewChange {
    ChangeKind kind = ChangeKind::kItemChanged;
    std::string_view actor_id;
    const Item* item = nullptr;       ///< as it is now; of kItemRemoved, as it was
    std::string_view member_id = {};  ///< of the member changes
};

/// Counts `list`'s version up, keeps its head and the change, publishes grocery.listChanged.v1. Members are
/// read from the rows: change memberships before.
Result<void> record_change(runtime::Transaction& transaction, List& list, const NewChange& change);

/// Tells of a list that is about to go: its version counts up, and nobody is a member any more.
Result<void> record_deletion(runtime::Transaction& transaction, const List& list, std::string_view actor_id);

/// Tells the statistics that somebody put an item on a list or checked it.
Result<void> tell_item_event(runtime::Transaction& transaction, std::string_view action,
                             std::string_view user_id, const Item& item);

}  // namespace loadgen::services::grocery::lists
