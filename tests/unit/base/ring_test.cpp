#include "common/base/ring.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <thread>

namespace loadgen {
namespace {

TEST(Ring, GivesBackInOrder) {
    Ring<int> ring(4);
    int value = 0;
    EXPECT_FALSE(ring.pop(value));
    for (int round = 0; round < 10; ++round) {  // around the end more than once
        for (int i = 0; i < 3; ++i) EXPECT_TRUE(ring.push(round * 3 + i));
        for (int i = 0; i < 3; ++i) {
            ASSERT_TRUE(ring.pop(value));
            EXPECT_EQ(value, round * 3 + i);
        }
    }
    EXPECT_FALSE(ring.pop(value));
}

TEST(Ring, HoldsAtLeastItsCapacityAndLeavesWhatItRefuses) {
    Ring<std::unique_ptr<int>> ring(5);
    int held = 0;
    auto next = std::make_unique<int>(0);
    while (ring.push(std::move(next))) next = std::make_unique<int>(++held);
    EXPECT_EQ(held, 8);  // the power of two above 5
    ASSERT_NE(next, nullptr);
    EXPECT_EQ(*next, 8);
    std::unique_ptr<int> value;
    ASSERT_TRUE(ring.pop(value));
    EXPECT_EQ(*value, 0);
    EXPECT_TRUE(ring.push(std::move(next)));
}

TEST(Ring, CarriesEverythingFromThreadToThread) {
    constexpr std::uint64_t kCount = 200'000;
    Ring<std::uint64_t> ring(64);
    std::thread producer([&ring] {
        for (std::uint64_t i = 0; i < kCount;) {
            if (ring.push(std::uint64_t{i})) {
                ++i;
            } else {
                std::this_thread::yield();
            }
        }
    });
    std::uint64_t expected = 0;
    bool ordered = true;
    while (expected < kCount) {
        std::uint64_t value = 0;
        if (!ring.pop(value)) {
            std::this_thread::yield();
            continue;
        }
        ordered = ordered && value == expected;
        ++expected;
    }
    producer.join();
    EXPECT_TRUE(ordered);
}

}  // namespace
}  // namespace loadgen
