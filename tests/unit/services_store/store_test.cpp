#include "services/store/store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <latch>
#include <thread>

#include "tests/unit/services_store/power_loss_vfs.hpp"
#include "tests/unit/services_store/scratch.hpp"

namespace loadgen::services::store::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::unique_ptr<Store> open(const StoreOptions& options) {
    auto store = open_sqlite_store(options, kNumbersTable);
    EXPECT_TRUE(store.has_value()) << (store ? "" : store.error().message);
    return store ? std::move(*store) : nullptr;
}

TEST(Store, AnswersAfterTheCommitAndReadersSeeIt) {
    const ScratchFolder folder;
    const auto store = open(options_at(folder.database()));
    EXPECT_TRUE(write(*store, insert_number(7)).get().has_value());
    EXPECT_THAT(numbers_in(*store), ElementsAre(7));
}

/// Holds the writer inside a change until released.
struct Blocker {
    std::latch entered{1};
    std::latch release{1};
    Store::Change change() {
        return [this](Statements&) {
            entered.count_down();
            release.wait();
            return Result<void>{};
        };
    }
};

TEST(Store, CommitsInOneGroupWhatQueuedUpMeanwhile) {
    const ScratchFolder folder;
    const auto store = open(options_at(folder.database()));
    Blocker blocker;
    auto first = write(*store, blocker.change());
    blocker.entered.wait();
    std::vector<std::future<Result<void>>> rest;
    for (std::int64_t i = 0; i < 100; ++i) rest.push_back(write(*store, insert_number(i)));
    blocker.release.count_down();
    EXPECT_TRUE(first.get().has_value());
    for (auto& answer : rest) EXPECT_TRUE(answer.get().has_value());
    const StoreCounters counters = store->counters();
    EXPECT_EQ(counters.changes, 101U);
    EXPECT_EQ(counters.commits, 2U);
}

TEST(Store, AFailedChangeUndoesItselfOnly) {
    const ScratchFolder folder;
    const auto store = open(options_at(folder.database()));
    Blocker blocker;
    auto first = write(*store, blocker.change());
    blocker.entered.wait();
    auto good = write(*store, insert_number(1));
    auto half = write(*store, [](Statements& statements) {
        auto done = insert_number(2)(statements);
        if (!done) return done;
        return Result<void>(Error{ErrorCode::kUsage, "changed my mind"});
    });
    auto twice = write(*store, insert_number(1));
    auto last = write(*store, insert_number(3));
    blocker.release.count_down();
    EXPECT_TRUE(good.get().has_value());
    const auto refused = half.get();
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().message, "changed my mind");
    const auto duplicate = twice.get();
    ASSERT_FALSE(duplicate.has_value());
    EXPECT_EQ(duplicate.error().code, ErrorCode::kIo);
    EXPECT_THAT(duplicate.error().message, HasSubstr("UNIQUE constraint failed: numbers.value"));
    EXPECT_TRUE(last.get().has_value());
    EXPECT_TRUE(first.get().has_value());
    EXPECT_THAT(numbers_in(*store), ElementsAre(1, 3));
}

TEST(Store, AChangeThatEndsTheTransactionFailsTheWholeGroup) {
    const ScratchFolder folder;
    const auto store = open(options_at(folder.database()));
    Blocker blocker;
    auto first = write(*store, blocker.change());
    blocker.entered.wait();
    auto before = write(*store, insert_number(1));
    auto rollback = write(*store, [](Statements& statements) { return statements.run("ROLLBACK"); });
    auto after = write(*store, insert_number(2));
    blocker.release.count_down();
    EXPECT_TRUE(first.get().has_value());
    EXPECT_FALSE(before.get().has_value());
    EXPECT_FALSE(rollback.get().has_value());
    EXPECT_FALSE(after.get().has_value());
    EXPECT_TRUE(write(*store, insert_number(5)).get().has_value());
    EXPECT_THAT(numbers_in(*store), ElementsAre(5));
}

TEST(Store, AChangeWhoseSavepointIsGoneIsNotCommittedAndReportedAsFailed) {
    const ScratchFolder folder;
    const auto store = open(options_at(folder.database()));
    const auto odd = write(*store, [](Statements& statements) {
                         auto done = insert_number(1)(statements);
                         return done ? statements.run("RELEASE change") : done;
                     }).get();
    ASSERT_FALSE(odd.has_value());
    EXPECT_THAT(odd.error().message, HasSubstr("no such savepoint: change"));
    EXPECT_TRUE(write(*store, insert_number(2)).get().has_value());
    EXPECT_THAT(numbers_in(*store), ElementsAre(2));
}

TEST(Store, AnswersWithinItsTimeoutThoughTheWriterHangs) {
    const ScratchFolder folder;
    StoreOptions options = options_at(folder.database());
    options.timeout = std::chrono::milliseconds(50);
    const auto store = open(options);
    Blocker blocker;
    auto running = write(*store, blocker.change());
    blocker.entered.wait();
    auto queued = write(*store, insert_number(1));
    const auto late = running.get();  // returns although the change still hangs
    ASSERT_FALSE(late.has_value());
    EXPECT_EQ(late.error().code, ErrorCode::kLimit);
    EXPECT_EQ(late.error().message, "store: no answer within 50ms");
    EXPECT_EQ(queued.get().error().code, ErrorCode::kLimit);
    blocker.release.count_down();
    // What was refused while it waited in the queue is never carried out.
    while (!write(*store, insert_number(2)).get()) {
    }
    EXPECT_THAT(numbers_in(*store), ElementsAre(2));
}

TEST(Store, RefusesBeyondTheQueueLimit) {
    const ScratchFolder folder;
    StoreOptions options = options_at(folder.database());
    options.max_queued = 2;
    const auto store = open(options);
    Blocker blocker;
    auto running = write(*store, blocker.change());
    blocker.entered.wait();
    auto one = write(*store, insert_number(1));
    auto two = write(*store, insert_number(2));
    const auto three = write(*store, insert_number(3)).get();
    ASSERT_FALSE(three.has_value());
    EXPECT_EQ(three.error().code, ErrorCode::kLimit);
    EXPECT_EQ(three.error().message, "store: 2 changes are waiting already");
    blocker.release.count_down();
    EXPECT_TRUE(one.get().has_value());
    EXPECT_TRUE(two.get().has_value());
}

TEST(Store, AForeignWriteLockIsBusyAndReadsGoOn) {
    const ScratchFolder folder;
    StoreOptions options = options_at(folder.database());
    options.timeout = std::chrono::milliseconds(500);
    const auto store = open(options);
    ASSERT_TRUE(write(*store, insert_number(1)).get().has_value());
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(folder.database().c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    const auto blocked = write(*store, insert_number(2)).get();
    ASSERT_FALSE(blocked.has_value());
    EXPECT_EQ(blocked.error().code, ErrorCode::kLimit);
    EXPECT_THAT(numbers_in(*store), ElementsAre(1));
    ASSERT_EQ(sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(other);
    while (!write(*store, insert_number(3)).get()) {
    }
    EXPECT_THAT(numbers_in(*store), ElementsAre(1, 3));
}

TEST(Store, ManyReadersSeeWholeChangesWhileTheWriterWorks) {
    const ScratchFolder folder;
    StoreOptions options = options_at(folder.database());
    options.checkpoint_pages = 10;  // so that checkpoints happen between the reads
    const auto store = open(options);
    std::atomic<bool> stop{false};
    std::atomic<int> odd_counts{0};
    std::atomic<int> failures{0};
    std::vector<std::thread> readers;
    std::latch started{3};
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&] {
            auto reader = store->open_reader();
            started.count_down();
            while (!stop) {
                std::int64_t count = 0;
                auto done = (*reader)->run("SELECT count(*) FROM numbers", {},
                                           [&](const Row& row) { count = row.integer(0); });
                if (!done) ++failures;
                if (count % 2 != 0) ++odd_counts;
            }
        });
    }
    started.wait();
    for (std::int64_t i = 0; i < 100; ++i) {
        auto pair = write(*store, [i](Statements& statements) {
            auto done = insert_number(2 * i)(statements);
            return done ? insert_number(2 * i + 1)(statements) : done;
        });
        EXPECT_TRUE(pair.get().has_value());
    }
    stop = true;
    for (auto& reader : readers) reader.join();
    EXPECT_EQ(odd_counts, 0);
    EXPECT_EQ(failures, 0);
    EXPECT_EQ(numbers_in(*store).size(), 200U);
}

TEST(Store, TheLogStartsOverAfterCheckpoints) {
    const PowerLossVfs disk(0);  // syncs cost nothing on it
    const ScratchFolder folder;
    StoreOptions options = options_at(folder.database());
    options.checkpoint_pages = 20;
    const auto store = open(options);
    for (std::int64_t i = 0; i < 2000; ++i)
        ASSERT_TRUE(write(*store, insert_number(i * 1000)).get().has_value());
    // 400 commits write at least 400 pages of 4 KiB; without checkpoints the log would hold them all.
    EXPECT_LT(std::filesystem::file_size(folder.database() + "-wal"), 100U * 4096U);
}

TEST(Store, AFullDatabaseRefusesWhatDoesNotFitAndKeepsTheRest) {
    const ScratchFolder folder;
    const auto store = open(options_at(folder.database()));
    const auto limit_pages = [](std::string_view sql) {
        return [sql](Statements& statements) { return statements.run(sql); };
    };
    ASSERT_TRUE(write(*store, limit_pages("PRAGMA max_page_count = 4")).get().has_value());
    std::set<std::int64_t> acknowledged;
    Result<void> last;
    for (std::int64_t i = 0; last && i < 100'000; i += 100) {
        last = write(*store, [i](Statements& statements) {
                   Result<void> done;
                   for (std::int64_t j = i; done && j < i + 100; ++j) done = insert_number(j)(statements);
                   return done;
               }).get();
        for (std::int64_t j = i; last && j < i + 100; ++j) acknowledged.insert(j);
    }
    ASSERT_FALSE(last.has_value());
    EXPECT_EQ(last.error().code, ErrorCode::kIo);
    EXPECT_THAT(last.error().message, HasSubstr("database or disk is full"));
    EXPECT_FALSE(acknowledged.empty());
    EXPECT_EQ(numbers_in(*store), acknowledged);
    ASSERT_TRUE(write(*store, limit_pages("PRAGMA max_page_count = 1000")).get().has_value());
    EXPECT_TRUE(write(*store, insert_number(-1)).get().has_value());
}

TEST(Store, ReadersCannotWrite) {
    const ScratchFolder folder;
    const auto store = open(options_at(folder.database()));
    auto reader = store->open_reader();
    ASSERT_TRUE(reader.has_value());
    const auto refused = (*reader)->run("INSERT INTO numbers (value) VALUES (1)");
    ASSERT_FALSE(refused.has_value());
    EXPECT_THAT(refused.error().message, HasSubstr("readonly"));
}

TEST(Store, ClosingCommitsWhatWasAccepted) {
    const ScratchFolder folder;
    std::vector<std::future<Result<void>>> answers;
    {
        const auto store = open(options_at(folder.database()));
        for (std::int64_t i = 0; i < 500; ++i) answers.push_back(write(*store, insert_number(i)));
    }
    for (auto& answer : answers) EXPECT_TRUE(answer.get().has_value());
    EXPECT_EQ(numbers_in(*open(options_at(folder.database()))).size(), 500U);
}

TEST(Store, WrongSqlNamesTheStatement) {
    const ScratchFolder folder;
    const auto store = open(options_at(folder.database()));
    auto reader = store->open_reader();
    const auto wrong = (*reader)->run("SELECT x FROM nowhere");
    ASSERT_FALSE(wrong.has_value());
    EXPECT_EQ(wrong.error().message, "store: SELECT x FROM nowhere: no such table: nowhere");
}

TEST(Store, OpeningWithoutItsFolderSaysWhich) {
    const auto store = open_sqlite_store(options_at("/nonexistent/folder/x.db"), kNumbersTable);
    ASSERT_FALSE(store.has_value());
    EXPECT_EQ(store.error().message,
              "store: cannot open /nonexistent/folder/x.db: unable to open database file");
}

TEST(Migrations, RunOnceInOrderAndRefuseTheFuture) {
    const ScratchFolder folder;
    const std::array<std::string_view, 2> two = {kNumbersTable[0], "INSERT INTO numbers VALUES (42)"};
    ASSERT_TRUE(open_sqlite_store(options_at(folder.database()), std::span(two).first(1)).has_value());
    for (int i = 0; i < 2; ++i) {
        auto store = open_sqlite_store(options_at(folder.database()), two);
        ASSERT_TRUE(store.has_value()) << store.error().message;
        EXPECT_THAT(numbers_in(**store), ElementsAre(42));
    }
    const auto old_program = open_sqlite_store(options_at(folder.database()), std::span(two).first(1));
    ASSERT_FALSE(old_program.has_value());
    EXPECT_EQ(old_program.error().code, ErrorCode::kUnsupported);
    EXPECT_EQ(old_program.error().message,
              "store: the database has version 2, this program knows versions up to 1");
}

TEST(Migrations, AFailedOneLeavesNoHalf) {
    const ScratchFolder folder;
    const std::array<std::string_view, 2> bad = {kNumbersTable[0],
                                                 "INSERT INTO numbers VALUES (1); SELECT oops"};
    const auto failed = open_sqlite_store(options_at(folder.database()), bad);
    ASSERT_FALSE(failed.has_value());
    EXPECT_THAT(failed.error().message, HasSubstr("store: migration 2: "));
    EXPECT_TRUE(numbers_in(*open(options_at(folder.database()))).empty());
}

}  // namespace
}  // namespace loadgen::services::store::test
