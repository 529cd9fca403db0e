#include "services/store/detail/migrations.hpp"

namespace loadgen::services::store::detail {
namespace {

constexpr std::string_view kReadVersion = "PRAGMA user_version";

/// Runs what is missing inside a transaction that the caller has begun.
Result<void> migrate_locked(SqliteConnection& connection, std::span<const std::string_view> migrations) {
    const auto version = connection.query_integer(kReadVersion);
    if (!version) return version.error();
    const auto known = static_cast<std::int64_t>(migrations.size());
    for (std::int64_t next = *version; next < known; ++next) {
        auto done = connection.run_script(migrations[static_cast<std::size_t>(next)]);
        if (!done)
            return with_context("store: migration " + std::to_string(next + 1) + ": ",
                                std::move(done).error());
    }
    return connection.run_script("PRAGMA user_version = " + std::to_string(known));
}

}  // namespace

Result<void> migrate(SqliteConnection& connection, std::span<const std::string_view> migrations) {
    const auto version = connection.query_integer(kReadVersion);
    if (!version) return version.error();
    const auto known = static_cast<std::int64_t>(migrations.size());
    if (*version > known) {
        return Error{ErrorCode::kUnsupported, "store: the database has version " + std::to_string(*version) +
                                                  ", this program knows versions up to " +
                                                  std::to_string(known)};
    }
    if (*version == known) return {};
    auto done = connection.run_script("BEGIN IMMEDIATE");
    if (!done) return done;
    done = migrate_locked(connection, migrations);
    if (done) done = connection.run_script("COMMIT");
    if (!done && connection.in_transaction()) static_cast<void>(connection.run_script("ROLLBACK"));
    return done;
}

}  // namespace loadgen::services::store::detail
