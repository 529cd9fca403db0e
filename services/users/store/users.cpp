#include "services/users/store/users.hpp"

#include <array>

#include "services/store/query.hpp"

namespace loadgen::services::users {
namespace {

using platform::auth::UserType;
using store::params;

constexpr std::array<std::string_view, 1> kMigrations = {
    "CREATE TABLE users ("
    "  id TEXT PRIMARY KEY,"
    "  email TEXT NOT NULL,"
    "  first_name TEXT NOT NULL,"
    "  last_name TEXT NOT NULL,"
    "  password_hash TEXT NOT NULL,"
    "  user_type TEXT NOT NULL,"
    "  order_count INTEGER NOT NULL,"
    "  created_ms INTEGER NOT NULL,"
    "  last_active_ms INTEGER"
    ") STRICT, WITHOUT ROWID;"};

User read_user(const store::Row& row) {
    return {.id = std::string(row.text(0)),
            .email = std::string(row.text(1)),
            .first_name = std::string(row.text(2)),
            .last_name = std::string(row.text(3)),
            .password_hash = std::string(row.text(4)),
            .type = platform::auth::user_type_from_name(row.text(5)).value_or(UserType::kStandard),
            .order_count = row.integer(6)};
}

}  // namespace

std::span<const std::string_view> migrations() {
    return kMigrations;
}

Result<std::optional<User>> find_user(store::Statements& tables, std::string_view id) {
    return store::find_one(tables,
                           "SELECT id, email, first_name, last_name, password_hash, user_type, order_count"
                           " FROM users WHERE id = ?",
                           params(id), read_user);
}

Result<bool> insert_user(store::Statements& tables, const User& user, std::int64_t now_ms) {
    return store::run_changed(tables,
                              "INSERT INTO users (id, email, first_name, last_name, password_hash, "
                              "user_type, order_count, created_ms)"
                              " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                              params(user.id, user.email, user.first_name, user.last_name, user.password_hash,
                                     platform::auth::user_type_name(user.type), user.order_count, now_ms));
}

Result<bool> count_order(store::Statements& tables, std::string_view id, std::int64_t now_ms) {
    auto user = find_user(tables, id);
    if (!user) return std::move(user).error();
    if (!*user) return false;
    const std::int64_t count = (*user)->order_count + 1;
    return store::run_changed(
        tables, "UPDATE users SET order_count = ?, user_type = ?, last_active_ms = ? WHERE id = ?",
        params(count, platform::auth::user_type_name(type_after_orders((*user)->type, count)), now_ms, id));
}

}  // namespace loadgen::services::users
