// The table of users.
#pragma once

#include <optional>
#include <span>

#include "services/ninja/users/domain/user.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::ninja::users {

std::span<const std::string_view> migrations();

Result<void> insert_user(store::Statements& tables, const User& user);
Result<std::optional<User>> find_user(store::Statements& tables, std::string_view id);
/// Nothing happens when there is none.
Result<void> erase_user(store::Statements& tables, std::string_view id);

}  // namespace loadgen::services::ninja::users
