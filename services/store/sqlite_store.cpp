// The SQLite engine: one writing connection on the commit queue's thread, a read-only connection per reader.
#include "services/store/detail/commit_counter.hpp"
#include "services/store/detail/commit_queue.hpp"
#include "services/store/detail/migrations.hpp"
#include "services/store/detail/sqlite_connection.hpp"
#include "services/store/detail/turn_lock.hpp"

namespace loadgen::services::store {
namespace {

using detail::SqliteConnection;

// A reader answers on its caller's event loop, so it must not wait long. In WAL mode it meets a lock only
// while another process recovers the log or closes the database.
constexpr Nanos kReaderBusyTimeout = std::chrono::milliseconds(50);

class SqliteGroupWriter final : public detail::GroupWriter {
  public:
    SqliteGroupWriter(std::unique_ptr<SqliteConnection> connection, std::unique_ptr<detail::TurnLock> turns,
                      std::unique_ptr<detail::CommitCounter> commits, const StoreOptions& options)
        : connection_(std::move(connection)),
          turns_(std::move(turns)),
          commits_(std::move(commits)),
          checkpoint_pages_(options.checkpoint_pages),
          next_checkpoint_(options.checkpoint_pages) {
        sqlite3_wal_hook(connection_->handle(), &SqliteGroupWriter::on_commit, this);
    }

    /// Leaves an empty log behind, even when readers' connections are closed later than this one.
    ~SqliteGroupWriter() override {
        sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                                  nullptr);
    }
    SqliteGroupWriter(const SqliteGroupWriter&) = delete;
    SqliteGroupWriter& operator=(const SqliteGroupWriter&) = delete;

    std::vector<Result<void>> commit_group(std::span<Store::Change> changes) override;
    void after_group() override;
    std::optional<std::uint64_t> state() const { return commits_->state(); }

  private:
    Result<void> commit();
    Result<void> apply(Store::Change& change);
    /// Applies the changes of an open transaction; an error means that the transaction is gone.
    Result<void> apply_all(std::span<Store::Change> changes, std::vector<Result<void>>& results);

    /// SQLite tells how many pages the log holds after a commit; the count falls when the log starts over.
    static int on_commit(void* self, sqlite3* database, const char* name, int pages);

    std::unique_ptr<SqliteConnection> connection_;
    std::unique_ptr<detail::TurnLock> turns_;  // null: no other process writes
    const std::unique_ptr<detail::CommitCounter> commits_;
    const int checkpoint_pages_;
    int log_pages_ = 0;
    int next_checkpoint_;  ///< log_pages_ at which the next checkpoint is tried
};

std::vector<Result<void>> SqliteGroupWriter::commit_group(std::span<Store::Change> changes) {
    std::vector<Result<void>> results;
    results.reserve(changes.size());
    const detail::TurnLock::Turn turn(turns_.get());
    // IMMEDIATE: taking the write lock later, after a read, could fail with "busy" without waiting.
    Result<void> outcome = connection_->run("BEGIN IMMEDIATE");
    if (outcome) outcome = apply_all(changes, results);
    if (outcome) outcome = commit();
    if (!outcome) {
        if (connection_->in_transaction()) static_cast<void>(connection_->run("ROLLBACK"));
        results.assign(changes.size(), outcome);
    }
    return results;
}

Result<void> SqliteGroupWriter::commit() {
    const detail::CommitCounter::Commit counted(*commits_);
    return connection_->run("COMMIT");
}

Result<void> SqliteGroupWriter::apply_all(std::span<Store::Change> changes,
                                          std::vector<Result<void>>& results) {
    for (Store::Change& change : changes) {
        results.push_back(apply(change));
        if (!connection_->in_transaction()) {
            // Earlier changes of the group went with the transaction, so none of them may be reported as
            // done.
            if (!results.back()) return results.back();
            return Error{ErrorCode::kInternal, "store: a change ended the transaction it was part of"};
        }
    }
    return {};
}

Result<void> SqliteGroupWriter::apply(Store::Change& change) {
    auto begun = connection_->run("SAVEPOINT change");
    if (!begun) return begun;
    Result<void> outcome = change(*connection_);
    if (!connection_->in_transaction()) return outcome;
    Result<void> ended;
    if (!outcome) ended = connection_->run("ROLLBACK TO change");
    if (ended) ended = connection_->run("RELEASE change");
    if (ended) return outcome;
    // Whether the change is in the transaction is not known, so nothing of the transaction may stay.
    if (connection_->in_transaction()) static_cast<void>(connection_->run("ROLLBACK"));
    return ended;
}

int SqliteGroupWriter::on_commit(void* self, sqlite3* /*database*/, const char* /*name*/, int pages) {
    auto& writer = *static_cast<SqliteGroupWriter*>(self);
    if (pages < writer.log_pages_) writer.next_checkpoint_ = writer.checkpoint_pages_;
    writer.log_pages_ = pages;
    return SQLITE_OK;
}

void SqliteGroupWriter::after_group() {
    if (log_pages_ < next_checkpoint_) return;
    // Passive never waits for readers. When one keeps the log from starting over, the next try comes after as
    // many pages again, not after every group. A failure needs no answer: the log still holds everything.
    sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    next_checkpoint_ = log_pages_ + checkpoint_pages_;
}

class SqliteStore final : public Store {
  public:
    SqliteStore(std::unique_ptr<SqliteConnection> connection, std::unique_ptr<detail::TurnLock> turns,
                std::unique_ptr<detail::CommitCounter> commits, const StoreOptions& options)
        : path_(options.path),
          cache_kib_(options.cache_kib),
          writer_(std::move(connection), std::move(turns), std::move(commits), options),
          queue_(writer_, options, system_clock()) {}

    Result<std::unique_ptr<Statements>> open_reader() override;
    void write(Change change, Done done) override { write(std::move(change), std::move(done), nullptr); }
    void write(Change change, Done done, Done ended) override {
        queue_.push(std::move(change), std::move(done), std::move(ended));
    }
    std::optional<std::uint64_t> state() const override { return writer_.state(); }
    StoreCounters counters() const override { return queue_.counters(); }

  private:
    const std::string path_;
    const int cache_kib_;
    SqliteGroupWriter writer_;
    detail::CommitQueue queue_;  // last: its threads use the writer until they are joined
};

Result<std::unique_ptr<Statements>> SqliteStore::open_reader() {
    auto connection =
        SqliteConnection::open(path_, SqliteConnection::Access::kReadOnly, kReaderBusyTimeout, cache_kib_);
    if (!connection) return std::move(connection).error();
    return std::unique_ptr<Statements>(std::move(*connection));
}

/// WAL with FULL means: a commit returns after the log is on disk, so power loss takes no acknowledged
/// change.
constexpr std::string_view kPragmas =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA recursive_triggers = ON;"        // else REPLACE takes rows away without telling their triggers
    "PRAGMA journal_size_limit = 67108864;"  // after a burst the log file shrinks back to 64 MiB
    "PRAGMA wal_autocheckpoint = 0;";        // the writer checkpoints itself, after the callers are answered

/// Entering WAL mode upgrades a read lock, which SQLite never waits for, so of several processes that create
/// a database all but one are told "busy" at once. They wait for the write lock instead and try again.
Result<void> set_up(SqliteConnection& connection, Nanos patience) {
    const Instant deadline = system_clock().now() + patience;
    for (;;) {
        auto done = connection.run_script(kPragmas);
        if (done || done.error().code != ErrorCode::kLimit || system_clock().now() >= deadline) return done;
        static_cast<void>(connection.run_script("BEGIN IMMEDIATE; COMMIT"));
    }
}

/// Migrations are commits too, for the readers of other processes.
Result<void> migrate_in_turn(SqliteConnection& connection, std::span<const std::string_view> migrations,
                             const detail::TurnLock* turns, detail::CommitCounter& commits) {
    const detail::TurnLock::Turn turn(turns);
    const detail::CommitCounter::Commit counted(commits);
    return detail::migrate(connection, migrations);
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const StoreOptions& options,
                                                 std::span<const std::string_view> migrations) {
    // Waiting for another process's lock ends before the callers' time does, so that they hear the true
    // outcome.
    const Nanos busy_timeout = options.timeout * 4 / 5;
    auto connection = SqliteConnection::open(options.path, SqliteConnection::Access::kReadWrite, busy_timeout,
                                             options.cache_kib);
    if (!connection) return std::move(connection).error();
    auto ready = set_up(**connection, busy_timeout);
    if (!ready) return std::move(ready).error();
    std::unique_ptr<detail::TurnLock> turns;
    if (!options.turn_file.empty()) {
        auto opened = detail::TurnLock::open(options.turn_file);
        if (!opened) return std::move(opened).error();
        turns = std::move(*opened);
    }
    auto commits = detail::CommitCounter::open(options.turn_file);
    if (!commits) return std::move(commits).error();
    ready = migrate_in_turn(**connection, migrations, turns.get(), **commits);
    if (!ready) return std::move(ready).error();
    return std::unique_ptr<Store>(std::make_unique<SqliteStore>(std::move(*connection), std::move(turns),
                                                                std::move(*commits), options));
}

}  // namespace loadgen::services::store
