// The points of users, and the stream of their changes.
#pragma once

#include <optional>
#include <span>

#include "services/loyalty/domain/points.hpp"
#include "services/store/change_stream.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::loyalty {

std::span<const std::string_view> migrations();

Result<std::optional<Account>> find_account(store::Statements& tables, std::string_view user_id);

/// What became of a grant.
struct Granted {
    bool counted = false;      ///< false: its key was known, nothing changed
    bool new_account = false;  ///< the account was made for it
};
/// Adds the points, to a new account if need be.
Result<Granted> grant_points(store::Statements& tables, const Grant& grant, std::int64_t now_ms);

/// Gives the account its new balance.
Result<void> set_points(store::Statements& tables, std::string_view user_id, std::int64_t points,
                        std::int64_t now_ms);

/// Who tells the world of changed accounts.
inline constexpr store::ChangeConsumer kPointsConsumer = {.name = "points_feed", .table = "accounts"};

/// What a change of an account means. kSyntax when its images cannot be read.
Result<PointsChange> read_points_change(const store::ChangeRecord& change);

}  // namespace loadgen::services::loyalty
