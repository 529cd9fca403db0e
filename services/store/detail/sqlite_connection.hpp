// One SQLite connection. Inside services/store only: it includes the library.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <unordered_map>

#include "services/store/store.hpp"

namespace loadgen::services::store::detail {

/// The error of SQLite's code `rc` with the connection's text; kLimit for "busy", kIo for the rest.
Error sqlite_error(sqlite3* database, int rc, std::string_view what);

/// Owns a connection and its prepared statements. One thread at a time.
class SqliteConnection final : public Statements {
  public:
    enum class Access : std::uint8_t { kReadWrite, kReadOnly };

    /// `busy_timeout` is how long a statement waits for locks of other connections, `cache_kib` what the page
    /// cache may grow to.
    static Result<std::unique_ptr<SqliteConnection>> open(const std::string& path, Access access,
                                                          Nanos busy_timeout, int cache_kib);
    ~SqliteConnection() override;
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;

    Result<void> run(std::string_view sql, std::span<const Parameter> parameters = {},
                     const RowVisitor& visit = nullptr) override;

    std::int64_t changes() const override { return sqlite3_changes64(database_); }

    /// Runs a script of several statements once, without keeping them.
    Result<void> run_script(std::string_view sql);

    /// The only integer of the only row of `sql`.
    Result<std::int64_t> query_integer(std::string_view sql);

    /// SQLite ends a transaction on its own after some failures (disk full, I/O error).
    bool in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }

    sqlite3* handle() { return database_; }

  private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    using StatementMap = std::unordered_map<std::string, sqlite3_stmt*, TextHash, std::equal_to<>>;

    explicit SqliteConnection(sqlite3* database) : database_(database) {}
    Result<sqlite3_stmt*> prepared(std::string_view sql);

    sqlite3* database_;
    StatementMap statements_;
};

}  // namespace loadgen::services::store::detail
