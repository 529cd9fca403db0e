#include "services/grocery/lists/domain/list.hpp"

namespace loadgen::services::grocery::lists {
namespace {

template <typename T>
bool assign(const std::optional<T>& wanted, T& value) {
    if (!wanted || *wanted == value) return false;
    value = *wanted;
    return true;
}

}  // namespace

bool apply_change(const ItemChange& change, Item& item) {
    bool changed = assign(change.name, item.name);
    changed = assign(change.quantity, item.quantity) || changed;
    changed = assign(change.checked, item.checked) || changed;
    changed = assign(change.note, item.note) || changed;
    if (changed) ++item.version;
    return changed;
}

std::string_view role_name(Role role) {
    return role == Role::kOwner ? "owner" : "member";
}

std::optional<Role> role_from_name(std::string_view name) {
    if (name == "owner") return Role::kOwner;
    if (name == "member") return Role::kMember;
    return std::nullopt;
}

std::string_view change_name(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::kListCreated:
            return "listCreated";
        case ChangeKind::kListRenamed:
            return "listRenamed";
        case ChangeKind::kListDeleted:
            return "listDeleted";
        case ChangeKind::kItemAdded:
            return "itemAdded";
        case ChangeKind::kItemChanged:
            return "itemChanged";
        case ChangeKind::kItemRemoved:
            return "itemRemoved";
        case ChangeKind::kMemberAdded:
            return "memberAdded";
        case ChangeKind::kMemberRemoved:
            return "memberRemoved";
    }
    return "";
}

}  // namespace loadgen::services::grocery::lists
