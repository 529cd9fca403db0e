// Brings a database to the version that the program knows.
#pragma once

#include "services/store/detail/sqlite_connection.hpp"

namespace loadgen::services::store::detail {

/// Runs the migrations that the database has not seen, each with its version number in one transaction. Two
/// processes may do this at the same time: the second waits and finds nothing left to do.
Result<void> migrate(SqliteConnection& connection, std::span<const std::string_view> migrations);

}  // namespace loadgen::services::store::detail
