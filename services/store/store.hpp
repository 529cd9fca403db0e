// Where a service keeps its tables. One Store is one database; engines implement it behind this interface.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace loadgen::services::store {

// Errors of everything below: kLimit when the store was busy or too slow and the caller may try again, kIo
// when the engine or the disk failed. Messages carry the engine's text, for logs and never for clients.

/// Bytes that are no text.
struct Blob {
    std::string_view bytes;
};
/// The value of one `?` in a statement; monostate is NULL. Text and bytes are copied before the call returns.
using Parameter = std::variant<std::monostate, std::int64_t, double, std::string_view, Blob>;

/// One row of an answer. Valid, with its text, only during the visit.
class Row {
  public:
    virtual ~Row() = default;
    /// Also the bytes of a blob. Empty for NULL.
    virtual std::string_view text(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;  ///< 0 for NULL
    virtual double real(int column) const = 0;           ///< 0 for NULL
    virtual bool is_null(int column) const = 0;
};

using RowVisitor = std::function<void(const Row&)>;

/// Runs statements on one connection. Belongs to the thread that was given it.
class Statements {
  public:
    virtual ~Statements() = default;
    /// Runs one statement to its end and visits each row. Statements are prepared once and kept. Text behind
    /// the first statement is an error (kInternal): it would be left out in silence.
    virtual Result<void> run(std::string_view sql, std::span<const Parameter> parameters = {},
                             const RowVisitor& visit = nullptr) = 0;
    /// Rows that the last INSERT, UPDATE or DELETE changed.
    virtual std::int64_t changes() const = 0;
};

struct StoreCounters {
    std::uint64_t changes = 0;  ///< committed
    std::uint64_t commits = 0;  ///< groups committed; changes / commits is the mean group size
};

/// A database with one writer and any number of readers. Thread-safe except where noted. Destroying it first
/// commits what was accepted and answers it; its readers may be destroyed later but not used.
class Store {
  public:
    /// Part of a transaction. Runs on the writer's thread, must not throw; an error undoes this change alone.
    using Change = std::function<Result<void>(Statements&)>;
    /// Told how a change ended, exactly once, from a thread of the store: success means it is on disk. Must
    /// not block or throw. After kLimit a change that had begun may still come to be; one that had not, never
    /// does.
    using Done = std::function<void(Result<void>)>;

    virtual ~Store() = default;

    /// Reads committed state and answers at once. One reader a thread.
    virtual Result<std::unique_ptr<Statements>> open_reader() = 0;

    /// Queues a change. Changes commit in the order of the calls, several at a time. `done` follows within
    /// the store's timeout.
    virtual void write(Change change, Done done) = 0;
    /// As above. `ended` is told how the change truly ended, exactly once, however late: the answer of who
    /// must know whether a change came to be. In time it comes before `done`, which may be empty.
    virtual void write(Change change, Done done, Done ended) = 0;

    /// Names the committed state: while it stays the same, so does everything that readers see, whichever
    /// process writes (for several, StoreOptions::turn_file is needed). None while a commit is under way.
    /// Costs no call of the engine. Any thread.
    virtual std::optional<std::uint64_t> state() const = 0;

    virtual StoreCounters counters() const = 0;
};

struct StoreOptions {
    std::string path;                         ///< of the database file; its folder must exist
    Nanos timeout = std::chrono::seconds(5);  ///< a change is answered within it
    std::size_t max_group = 256;              ///< changes in one commit
    std::size_t max_queued = 65536;           ///< changes waiting; beyond it they are refused with kLimit
    int checkpoint_pages = 1000;              ///< pages in the log that start a checkpoint
    /// Of a file by whose lock several processes take turns in writing, fairly and without polling, and in
    /// which they count commits for Store::state. Empty: a database with one writing process.
    std::string turn_file = {};
    int cache_kib = 1024;  ///< pages kept in memory, at most, by each connection
};

/// Opens or creates an SQLite database (WAL, synchronous FULL; STRICT tables are up to the migrations). A
/// store that nobody writes to wakes no thread. Migration k brings version k to k + 1; each runs once, in a
/// transaction of its own. A database of a later version than the migrations know is refused with
/// kUnsupported.
Result<std::unique_ptr<Store>> open_sqlite_store(const StoreOptions& options,
                                                 std::span<const std::string_view> migrations);

}  // namespace loadgen::services::store
