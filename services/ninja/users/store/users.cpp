#include "services/ninja/users/store/users.hpp"

#include <array>

#include "services/ninja/shared/store/idempotency.hpp"
#include "services/store/query.hpp"

namespace loadgen::services::ninja::users {
namespace {

using store::params;

constexpr std::string_view kTable =
    "CREATE TABLE users ("
    "  user_id TEXT PRIMARY KEY,"
    "  user_name TEXT NOT NULL,"
    "  email TEXT NOT NULL"
    ") STRICT, WITHOUT ROWID;";

}  // namespace

std::span<const std::string_view> migrations() {
    static const std::string first = std::string(kTable) + idempotency_schema();
    static const std::array<std::string_view, 1> all = {first};
    return all;
}

Result<void> insert_user(store::Statements& tables, const User& user) {
    return tables.run("INSERT INTO users (user_id, user_name, email) VALUES (?, ?, ?)",
                      params(user.id, user.name, user.email));
}

Result<std::optional<User>> find_user(store::Statements& tables, std::string_view id) {
    return store::find_one(tables, "SELECT user_id, user_name, email FROM users WHERE user_id = ?",
                           params(id), [](const store::Row& row) {
                               return User{.id = std::string(row.text(0)),
                                           .name = std::string(row.text(1)),
                                           .email = std::string(row.text(2))};
                           });
}

Result<void> erase_user(store::Statements& tables, std::string_view id) {
    return tables.run("DELETE FROM users WHERE user_id = ?", params(id));
}

}  // namespace loadgen::services::ninja::users
