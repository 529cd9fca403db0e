// Lists in the mono-table: LIST#{id} holds META, ITEM# and CHANGE# rows; USER#{id} holds a LIST# row for each
// membership, and the index finds a list's members through LIST#{id}.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/grocery/lists/domain/list.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::grocery::lists {

std::span<const std::string_view> migrations();

struct Member {
    std::string user_id;
    Role role = Role::kMember;
};
struct Membership {
    std::string list_id;
    Role role = Role::kMember;
};
/// One change, as clients get it.
struct Change {
    std::int64_t version = 0;
    std::string type;  ///< change_name
    std::string body;  ///< JSON object: {"version":...,"change":...,...}
};

// Errors are the store's.
Result<std::optional<List>> find_list(store::Statements& tables, std::string_view list_id);
Result<void> put_list(store::Statements& tables, const List& list);
/// The list with its items, changes and memberships.
Result<void> erase_list(store::Statements& tables, std::string_view list_id);

Result<std::vector<Item>> list_items(store::Statements& tables, std::string_view list_id);
Result<std::optional<Item>> find_item(store::Statements& tables, std::string_view list_id,
                                      std::string_view item_id);
Result<void> put_item(store::Statements& tables, std::string_view list_id, const Item& item);
Result<bool> erase_item(store::Statements& tables, std::string_view list_id, std::string_view item_id);

Result<std::optional<Role>> find_role(store::Statements& tables, std::string_view list_id,
                                      std::string_view user_id);
Result<std::vector<Member>> list_members(store::Statements& tables, std::string_view list_id);
Result<std::vector<Membership>> memberships(store::Statements& tables, std::string_view user_id);
Result<void> put_member(store::Statements& tables, std::string_view list_id, const Member& member);
Result<bool> erase_member(store::Statements& tables, std::string_view list_id, std::string_view user_id);

/// Kept for seven days.
Result<void> put_change(store::Statements& tables, std::string_view list_id, const Change& change,
                        std::int64_t now_ms);
/// Those behind version `since`, in order.
Result<std::vector<Change>> list_changes(store::Statements& tables, std::string_view list_id,
                                         std::int64_t since, std::int64_t limit);

}  // namespace loadgen::services::grocery::lists
