// Users, their installations and their favourites: rows of the mono-table under USER#{id}.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/grocery/users/domain/profile.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::grocery::users {

std::span<const std::string_view> migrations();

struct Favourite {
    std::string term;  ///< folded
    std::int64_t created_ms = 0;
};

// Errors are the store's.
Result<std::optional<Profile>> find_profile(store::Statements& tables, std::string_view user_id);
Result<void> put_profile(store::Statements& tables, std::string_view user_id, const Profile& profile);
/// The profile, made with its defaults when there is none.
Result<Profile> find_or_make_profile(store::Statements& tables, std::string_view user_id,
                                     std::int64_t now_ms);

/// One a platform: a new one replaces it.
Result<void> put_status(store::Statements& tables, std::string_view user_id, const Status& status);
/// The addresses that want the user's notifications, each once.
Result<std::vector<std::string>> push_endpoints(store::Statements& tables, std::string_view user_id);

Result<std::vector<Favourite>> list_favourites(store::Statements& tables, std::string_view user_id);
Result<std::int64_t> count_favourites(store::Statements& tables, std::string_view user_id);
/// False when it was there.
Result<bool> add_favourite(store::Statements& tables, std::string_view user_id, const Favourite& favourite);
/// False when it was not there.
Result<bool> remove_favourite(store::Statements& tables, std::string_view user_id, std::string_view term);

/// Terms that are anybody's favourite, each once, in their order, behind `after`.
Result<std::vector<std::string>> favourite_terms(store::Statements& tables, std::string_view after,
                                                 std::int64_t limit);
/// Users who have this favourite, in their order, behind `after`.
Result<std::vector<std::string>> users_with_favourite(store::Statements& tables, std::string_view term,
                                                      std::string_view after, std::int64_t limit);

}  // namespace loadgen::services::grocery::users
