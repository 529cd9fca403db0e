#include "services/store/detail/sqlite_connection.hpp"

namespace loadgen::services::store::detail {
namespace {

class SqliteRow final : public Row {
  public:
    explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
    std::string_view text(int column) const override {
        const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
        if (bytes == nullptr) return {};
        return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
    }
    std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
    double real(int column) const override { return sqlite3_column_double(statement_, column); }
    bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

  private:
    sqlite3_stmt* statement_;
};

/// Resets on every way out: a statement left open pins the log and blocks checkpoints.
class Running {
  public:
    explicit Running(sqlite3_stmt* statement) : statement_(statement) {}
    ~Running() {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

  private:
    sqlite3_stmt* statement_;
};

/// Binds one value. Static is right for text and bytes: bindings are cleared before `run` returns to their
/// owner.
struct Binder {
    sqlite3_stmt* statement;
    int index;

    int operator()(std::monostate /*null*/) const { return sqlite3_bind_null(statement, index); }
    int operator()(std::int64_t number) const { return sqlite3_bind_int64(statement, index, number); }
    int operator()(double number) const { return sqlite3_bind_double(statement, index, number); }
    int operator()(std::string_view text) const {
        return sqlite3_bind_text64(statement, index, text.data() == nullptr ? "" : text.data(), text.size(),
                                   SQLITE_STATIC, SQLITE_UTF8);
    }
    int operator()(Blob blob) const {
        return sqlite3_bind_blob64(statement, index, blob.bytes.data() == nullptr ? "" : blob.bytes.data(),
                                   blob.bytes.size(), SQLITE_STATIC);
    }
};

}  // namespace

Error sqlite_error(sqlite3* database, int rc, std::string_view what) {
    const int primary = rc & 0xff;
    const bool again = primary == SQLITE_BUSY || primary == SQLITE_LOCKED;
    std::string message = "store: ";
    message += what;
    message += ": ";
    message += database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(rc);
    return {again ? ErrorCode::kLimit : ErrorCode::kIo, std::move(message)};
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path, Access access,
                                                                 Nanos busy_timeout, int cache_kib) {
    // No mutex inside: a connection stays on one thread.
    const int mode =
        access == Access::kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* database = nullptr;
    const int rc = sqlite3_open_v2(path.c_str(), &database, mode | SQLITE_OPEN_NOMUTEX, nullptr);
    std::unique_ptr<SqliteConnection> connection(new SqliteConnection(database));
    if (rc != SQLITE_OK) return sqlite_error(database, rc, "cannot open " + path);
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(busy_timeout);
    sqlite3_busy_timeout(database, static_cast<int>(wait.count()));
    // Negative means KiB instead of pages: https://www.sqlite.org/pragma.html#pragma_cache_size
    auto sized = connection->run_script("PRAGMA cache_size = -" + std::to_string(cache_kib));
    // The first statement that reads the file: here it shows that it is no database.
    if (!sized) return with_context(path + ": ", std::move(sized).error());
    return connection;
}

SqliteConnection::~SqliteConnection() {
    for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close(database_);
}

Result<void> SqliteConnection::run(std::string_view sql, std::span<const Parameter> parameters,
                                   const RowVisitor& visit) {
    auto statement = prepared(sql);
    if (!statement) return std::move(statement).error();
    const Running running(*statement);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const int rc = std::visit(Binder{*statement, static_cast<int>(i) + 1}, parameters[i]);
        if (rc != SQLITE_OK) return sqlite_error(database_, rc, "cannot bind a parameter");
    }
    for (;;) {
        const int rc = sqlite3_step(*statement);
        if (rc == SQLITE_DONE) return {};
        if (rc != SQLITE_ROW) return sqlite_error(database_, rc, sql);
        if (visit) visit(SqliteRow(*statement));
    }
}

Result<void> SqliteConnection::run_script(std::string_view sql) {
    const int rc = sqlite3_exec(database_, std::string(sql).c_str(), nullptr, nullptr, nullptr);
    if (rc != SQLITE_OK) return sqlite_error(database_, rc, sql);
    return {};
}

Result<std::int64_t> SqliteConnection::query_integer(std::string_view sql) {
    std::int64_t value = 0;
    auto done = run(sql, {}, [&value](const Row& row) { value = row.integer(0); });
    if (!done) return std::move(done).error();
    return value;
}

Result<sqlite3_stmt*> SqliteConnection::prepared(std::string_view sql) {
    if (const auto found = statements_.find(sql); found != statements_.end()) return found->second;
    sqlite3_stmt* statement = nullptr;
    const char* rest = nullptr;
    const int rc = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, &rest);
    if (rc != SQLITE_OK) return sqlite_error(database_, rc, sql);
    const std::string_view behind = sql.substr(static_cast<std::size_t>(rest - sql.data()));
    if (statement == nullptr || behind.find_first_not_of(" \n\t\r;") != std::string_view::npos) {
        sqlite3_finalize(statement);
        return Error{ErrorCode::kInternal, "store: expected one statement: " + std::string(sql)};
    }
    statements_.emplace(std::string(sql), statement);
    return statement;
}

}  // namespace loadgen::services::store::detail
