#include "common/stats/largest.hpp"

#include <gtest/gtest.h>

#include "common/base/random.hpp"

namespace loadgen::stats {
namespace {

using Numbers = Largest<int>;

std::vector<Nanos> largest_of(std::vector<Nanos> keys) {
    std::sort(keys.begin(), keys.end(), std::greater<>());
    keys.resize(std::min(keys.size(), Numbers::kKept));
    return keys;
}

TEST(Largest, KeepsWhatSortingWouldPutFirst) {
    Random random(1);
    for (const std::size_t count : {0U, 1U, 9U, 10U, 11U, 1000U}) {
        std::vector<Nanos> keys;
        std::vector<Largest<Nanos>> shards(3);
        for (std::size_t i = 0; i < count; ++i) {
            keys.emplace_back(static_cast<std::int64_t>(random.below(500)) - 100);
            shards[random.below(3)].add(keys.back(), keys.back());
        }
        Largest<Nanos> merged;
        for (const Largest<Nanos>& shard : shards) merged.merge(shard);
        EXPECT_EQ(merged.sorted(), largest_of(keys)) << count;
        EXPECT_EQ(merged.empty(), count == 0);
    }
}

TEST(Largest, AdmitsOnlyWhatWouldBeKept) {
    Numbers numbers;
    for (int i = 1; i <= 10; ++i) {
        EXPECT_TRUE(numbers.admits(Nanos(0)));
        numbers.add(Nanos(i), i);
    }
    EXPECT_FALSE(numbers.admits(Nanos(1)));
    EXPECT_TRUE(numbers.admits(Nanos(2)));
    numbers.add(Nanos(1), 77);
    EXPECT_EQ(numbers.sorted().back(), 1);
    numbers.add(Nanos(2), 88);
    EXPECT_FALSE(numbers.admits(Nanos(2)));
    EXPECT_EQ(numbers.sorted().front(), 10);
}

}  // namespace
}  // namespace loadgen::stats
