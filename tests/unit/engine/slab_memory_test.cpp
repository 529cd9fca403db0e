#include "loadgen/engine/sessions/slab_memory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <map>
#include <thread>
#include <utility>
#include <vector>

#include "common/base/random.hpp"

namespace loadgen::engine {
namespace {

class SlabMemoryTest : public testing::Test {
  protected:
    void* allocate(std::size_t size) { return memory_.malloc(size, memory_.mem_user_data); }
    void release(void* block) { memory_.free(block, memory_.mem_user_data); }
    void* reallocate(void* block, std::size_t size) {
        return memory_.realloc(block, size, memory_.mem_user_data);
    }

    nghttp2_mem memory_ = *thread_slab_memory();
};

TEST_F(SlabMemoryTest, EverySizeIsUsableToItsLastByteAndAligned) {
    std::vector<std::pair<unsigned char*, std::size_t>> blocks;
    for (std::size_t size = 0; size <= 9000; size += size < 4200 ? 7 : 501) {
        auto* block = static_cast<unsigned char*>(allocate(size));
        ASSERT_NE(block, nullptr);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % alignof(std::max_align_t), 0U);
        std::memset(block, static_cast<int>(size % 251), size);
        blocks.emplace_back(block, size);
    }
    for (const auto& [block, size] : blocks) {
        for (std::size_t i = 0; i < size; ++i)
            ASSERT_EQ(block[i], size % 251) << "another block reaches into this one";
        release(block);
    }
}

TEST_F(SlabMemoryTest, AFreedBlockIsUsedAgain) {
    void* first = allocate(100);
    release(first);
    EXPECT_EQ(allocate(90), first);  // the same class
    void* other = allocate(100);
    EXPECT_NE(other, first);
    release(first);
    release(other);
    release(nullptr);
}

TEST_F(SlabMemoryTest, ZeroedMemoryIsZeroAfterUseToo) {
    auto* used = static_cast<unsigned char*>(allocate(200));
    std::memset(used, 0xff, 200);
    release(used);
    auto* zeroed = static_cast<unsigned char*>(memory_.calloc(20, 10, memory_.mem_user_data));
    for (int i = 0; i < 200; ++i) ASSERT_EQ(zeroed[i], 0);
    release(zeroed);
}

TEST_F(SlabMemoryTest, GrowingKeepsTheContents) {
    auto* block = static_cast<unsigned char*>(reallocate(nullptr, 10));
    for (unsigned char i = 0; i < 10; ++i) block[i] = i;
    for (const std::size_t size : {20U, 100U, 1000U, 4079U, 4081U, 10'000U, 5U}) {
        block = static_cast<unsigned char*>(reallocate(block, size));
        for (unsigned char i = 0; i < std::min<std::size_t>(size, 10); ++i) ASSERT_EQ(block[i], i) << size;
    }
    release(block);
}

TEST_F(SlabMemoryTest, ARandomLifeCorruptsNothing) {
    Random random(5);
    std::map<unsigned char*, std::pair<std::size_t, unsigned char>> live;
    for (int step = 0; step < 50'000; ++step) {
        if (live.size() > 200 || (!live.empty() && random.below(2) == 0)) {
            auto victim = live.begin();
            std::advance(victim, static_cast<std::ptrdiff_t>(random.below(live.size())));
            const auto [block, contents] = *victim;
            ASSERT_EQ(block[0], contents.second);
            ASSERT_EQ(block[contents.first - 1], contents.second);
            live.erase(victim);
            release(block);
        } else {
            const std::size_t size = 1 + random.below(6000);
            auto* block = static_cast<unsigned char*>(allocate(size));
            ASSERT_FALSE(live.contains(block)) << "handed out twice";
            const auto mark = static_cast<unsigned char>(random.below(256));
            std::memset(block, mark, size);
            live[block] = {size, mark};
        }
    }
    for (const auto& [block, contents] : live) release(block);
}

TEST_F(SlabMemoryTest, EachThreadHasItsOwn) {
    void* other = nullptr;
    std::thread([&other] { other = thread_slab_memory(); }).join();
    EXPECT_NE(other, thread_slab_memory());
}

}  // namespace
}  // namespace loadgen::engine
