// The table of users.
#pragma once

#include <optional>
#include <span>

#include "services/store/store.hpp"
#include "services/users/domain/user.hpp"

namespace loadgen::services::users {

std::span<const std::string_view> migrations();

Result<std::optional<User>> find_user(store::Statements& tables, std::string_view id);
/// False, and nothing changes, when the id is taken: by the same address, or by one with the same hash.
Result<bool> insert_user(store::Statements& tables, const User& user, std::int64_t now_ms);
/// One more completed order; false when there is no such user.
Result<bool> count_order(store::Statements& tables, std::string_view id, std::int64_t now_ms);

}  // namespace loadgen::services::users
