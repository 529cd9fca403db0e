#include "services/store/read_cache.hpp"

#include "tests/unit/services_store/contract.hpp"

namespace loadgen::services::store::test {
namespace {

class StoreReadCache : public StoreContract {};
INSTANTIATE_FOR_ALL_ENGINES(StoreReadCache);

/// How many numbers a store holds, and how often it was asked.
class Census {
  public:
    explicit Census(Store& store) : reader_(std::move(*store.open_reader())), counts_(store, 2) {}

    std::int64_t count(std::string_view key = "all") {
        auto counted = counts_.get(key, [this]() -> Result<std::int64_t> {
            ++reads;
            auto found = find_one(*reader_, "SELECT count(*) FROM numbers", {},
                                  [](const Row& row) { return row.integer(0); });
            if (!found) return std::move(found).error();
            return **found;
        });
        return counted.value_or(-1);
    }
    int reads = 0;

  private:
    std::unique_ptr<Statements> reader_;
    ReadCache<std::int64_t> counts_;
};

TEST_P(StoreReadCache, ReadsOnceUntilSomethingIsCommitted) {
    const auto store = open();
    Census census(*store);
    EXPECT_EQ(census.count(), 0);
    EXPECT_EQ(census.count(), 0);
    EXPECT_EQ(census.reads, 1);
    ASSERT_TRUE(write(*store, insert_number(1)).get().has_value());
    EXPECT_EQ(census.count(), 1);
    EXPECT_EQ(census.reads, 2);
}

TEST_P(StoreReadCache, SeesWhatAnotherStoreOnTheSameDataCommits) {
    StoreOptions shared = options();
    shared.turn_file = shared.path + ".turn";
    const auto mine = open(shared);
    const auto theirs = open(shared);
    Census census(*mine);
    EXPECT_EQ(census.count(), 0);
    for (std::int64_t number = 1; number <= 100; ++number) {
        ASSERT_TRUE(write(*theirs, insert_number(number)).get().has_value());
        ASSERT_EQ(census.count(), number);
    }
}

TEST_P(StoreReadCache, AChangeThatFailsChangesNothing) {
    const auto store = open();
    Census census(*store);
    ASSERT_TRUE(write(*store, insert_number(1)).get().has_value());
    ASSERT_FALSE(write(*store, insert_number(1)).get().has_value());
    EXPECT_EQ(census.count(), 1);
}

TEST_P(StoreReadCache, StartsOverWhenItIsFull) {
    const auto store = open();
    Census census(*store);
    for (const std::string_view key : {"a", "b", "c"}) census.count(key);
    EXPECT_EQ(census.reads, 3);
    census.count("c");
    EXPECT_EQ(census.reads, 3);
    census.count("a");
    EXPECT_EQ(census.reads, 4);
}

TEST_P(StoreReadCache, DoesNotKeepErrors) {
    const auto store = open();
    ReadCache<int> cache(*store, 2);
    EXPECT_FALSE(cache.get("a", [] { return Result<int>(Error{ErrorCode::kIo, "no"}); }).has_value());
    EXPECT_EQ(cache.get("a", [] { return Result<int>(1); }).value_or(0), 1);
}

}  // namespace
}  // namespace loadgen::services::store::test
