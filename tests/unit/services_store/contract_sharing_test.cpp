// Several stores on the same data, as two processes have during a restart; and a writer that gets in the way.
#include <gmock/gmock.h>

#include <atomic>
#include <latch>
#include <thread>

#include "tests/unit/services_store/contract.hpp"

namespace loadgen::services::store::test {
namespace {

using ::testing::ElementsAre;

class StoreSharing : public StoreContract {};
INSTANTIATE_FOR_ALL_ENGINES(StoreSharing);

constexpr std::array<std::string_view, 1> kCounter = {
    "CREATE TABLE counter (id INTEGER PRIMARY KEY, value INTEGER NOT NULL, version INTEGER NOT NULL)"};

struct Counter {
    std::int64_t value = 0;
    std::int64_t version = 0;
};

Counter read_counter(Statements& tables) {
    auto found = find_one(tables, "SELECT value, version FROM counter", {}, [](const Row& row) {
        return Counter{row.integer(0), row.integer(1)};
    });
    return found.value().value();
}

/// Reads, adds one, and writes when nobody was faster. Whether it did.
bool try_to_increment(Store& store, Statements& reader) {
    const Counter counter = read_counter(reader);
    bool changed = false;
    auto done = write(store, [&](Statements& tables) -> Result<void> {
                    auto ran = run_changed(
                        tables, "UPDATE counter SET value = ?, version = version + 1 WHERE version = ?",
                        params(counter.value + 1, counter.version));
                    if (!ran) return std::move(ran).error();
                    changed = *ran;
                    return {};
                }).get();
    return done.has_value() && changed;
}

TEST_P(StoreSharing, ConditionalWritesOfTwoStoresLoseNoUpdate) {
    const std::array<std::unique_ptr<Store>, 2> stores = {open(options(), kCounter),
                                                          open(options(), kCounter)};
    ASSERT_TRUE(write(*stores[0],
                      [](Statements& tables) { return tables.run("INSERT INTO counter VALUES (1, 0, 1)"); })
                    .get()
                    .has_value());
    constexpr int kEach = 40;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 4; ++i) {
        threads.emplace_back([&store = *stores[i % 2]] {
            auto reader = std::move(*store.open_reader());
            for (int done = 0; done < kEach;) done += try_to_increment(store, *reader) ? 1 : 0;
        });
    }
    for (auto& thread : threads) thread.join();
    auto reader = std::move(*stores[1]->open_reader());
    EXPECT_EQ(read_counter(*reader).value, 4 * kEach);
}

TEST_P(StoreSharing, ManyMayOpenNewDataAtTheSameTime) {
    for (int round = 0; round < 10; ++round) {
        const ScratchFolder folder;
        constexpr int kOpeners = 4;
        std::latch start(kOpeners);
        std::atomic<int> failures{0};
        std::vector<std::thread> openers;
        for (int i = 0; i < kOpeners; ++i) {
            openers.emplace_back([&, i] {
                start.arrive_and_wait();
                auto store = GetParam().open(options_at(folder.database()), kNumbersTable);
                const Result<void> done =
                    store ? write(**store, insert_number(i)).get() : Result<void>(store.error());
                if (!done) ++failures;
                EXPECT_TRUE(done.has_value()) << done.error().message;
            });
        }
        for (auto& opener : openers) opener.join();
        EXPECT_EQ(failures, 0);
        EXPECT_THAT(numbers_in(*open(options_at(folder.database()))), ElementsAre(0, 1, 2, 3));
    }
}

TEST_P(StoreSharing, ARestartThatOverlapsLosesNothing) {
    std::unique_ptr<Store> before = open();
    std::vector<std::future<Result<void>>> answers;
    for (std::int64_t i = 0; i < 300; ++i) answers.push_back(write(*before, insert_number(i)));
    std::unique_ptr<Store> after = open();
    for (std::int64_t i = 300; i < 600; ++i) {
        answers.push_back(write(*before, insert_number(i)));
        answers.push_back(write(*after, insert_number(i + 1000)));
    }
    before.reset();
    for (std::int64_t i = 2000; i < 2100; ++i) answers.push_back(write(*after, insert_number(i)));
    for (auto& answer : answers) {
        const auto done = answer.get();
        EXPECT_TRUE(done.has_value()) << done.error().message;
    }
    EXPECT_EQ(numbers_in(*after).size(), 1000U);
    after.reset();
    EXPECT_EQ(numbers_in(*open()).size(), 1000U);
}

TEST_P(StoreSharing, AStoreThatHoldsTheWriteLockMakesTheOtherBusyAndNoMore) {
    const auto holder = open();
    StoreOptions impatient = options();
    impatient.timeout = std::chrono::milliseconds(200);
    const auto other = open(impatient);
    std::latch held(1);
    std::latch release(1);
    auto holding = write(*holder, [&](Statements& tables) {
        auto done = insert_number(1)(tables);
        held.count_down();
        release.wait();
        return done;
    });
    held.wait();
    const auto refused = write(*other, insert_number(2)).get();
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::kLimit);
    EXPECT_TRUE(numbers_in(*other).empty());  // readers neither wait nor see it
    release.count_down();
    EXPECT_TRUE(holding.get().has_value());
    while (!write(*other, insert_number(3)).get()) {
    }
    EXPECT_THAT(numbers_in(*other), ElementsAre(1, 3));
}

}  // namespace
}  // namespace loadgen::services::store::test
