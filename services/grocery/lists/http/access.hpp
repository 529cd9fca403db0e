// Who may use which list, and the answers of those who may not.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "services/grocery/lists/store/lists.hpp"
#include "services/runtime/service.hpp"

namespace loadgen::services::grocery::lists {

runtime::Refusal not_found(std::string_view what);    ///< 404: "list not found"
runtime::Refusal conflict(std::string_view message);  ///< 409

/// A list and what the caller is to it.
struct Access {
    List list;
    Role role = Role::kMember;
};

/// What stands in the way: a refusal (404 for a list that is not there, 403 for who is no member, or no owner
/// where only owners may), or the store's error.
struct Denied {
    std::optional<runtime::Refusal> refusal;
    Error error;
};
std::variant<Access, Denied> open_list(store::Statements& tables, std::string_view list_id,
                                       std::string_view user_id, Role needed = Role::kMember);

/// The same inside a transaction: what stands in the way is its refusal or its error.
Result<Access> require_list(runtime::Transaction& transaction, std::string_view list_id,
                            std::string_view user_id, Role needed = Role::kMember);
/// The same for a read: none when the call has been answered.
std::optional<Access> require_list(platform::Call& call, store::Statements& reader, std::string_view user_id);

}  // namespace loadgen::services::grocery::lists
