// Shopping lists: what they are made of, who may do what, and the names of what can happen to them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::services::grocery::lists {

inline constexpr std::int64_t kMaxItems = 500;   ///< of a list
inline constexpr std::int64_t kMaxMembers = 50;  ///< of a list
inline constexpr std::int64_t kMaxLists = 200;   ///< that a user is a member of
inline constexpr std::int64_t kMaxQuantity = 9999;

/// The head of a list. Its version grows by one with every change of anything that belongs to it.
struct List {
    std::string list_id;
    std::string name;
    std::string owner_id;  ///< who made it
    std::int64_t version = 0;
    std::int64_t items = 0;
    std::int64_t open_items = 0;  ///< not checked
    std::int64_t created_ms = 0;
};

struct Item {
    std::string item_id;
    std::string name;
    std::int64_t quantity = 1;
    std::string promotion_id;  ///< empty: none; so are the next two
    std::string retailer_id;
    std::string note;
    bool checked = false;
    std::int64_t version = 1;  ///< of the item; grows by one with every change of it
    std::string added_by;
    std::int64_t created_ms = 0;
};

/// What a request changes in an item; what it does not name stays.
struct ItemChange {
    std::optional<std::string> name;
    std::optional<std::int64_t> quantity;
    std::optional<bool> checked;
    std::optional<std::string> note;
    std::optional<std::int64_t> expected_version;
};
/// True when anything becomes different; the version is then one more.
bool apply_change(const ItemChange& change, Item& item);

/// Owners may share and delete, members may do everything else. A list has at least one owner.
enum class Role : std::uint8_t { kMember, kOwner };
std::string_view role_name(Role role);
std::optional<Role> role_from_name(std::string_view name);

enum class ChangeKind : std::uint8_t {
    kListCreated,
    kListRenamed,
    kListDeleted,
    kItemAdded,
    kItemChanged,
    kItemRemoved,
    kMemberAdded,
    kMemberRemoved,
};
/// "itemAdded": in events, changes and streams.
std::string_view change_name(ChangeKind kind);

}  // namespace loadgen::services::grocery::lists
