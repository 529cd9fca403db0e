// The engine's writer thread must not allocate per record once its buffers have grown.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "tests/unit/runlog/samples.hpp"

namespace {

std::atomic<std::uint64_t> allocations{0};

}  // namespace

// Every form, because a sanitizer brings its own for those left out, and its memory is not ours to free. Not
// inlined: g++ 12 would see free() under a new expression and warn.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(size);
}
[[gnu::noinline]] void* operator new(std::size_t size) {
    if (void* memory = operator new(size, std::nothrow)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new[](std::size_t size) {
    return operator new(size);
}
[[gnu::noinline]] void* operator new[](std::size_t size, const std::nothrow_t& tag) noexcept {
    return operator new(size, tag);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace loadgen::runlog {
namespace {

class NullSink final : public ByteSink {
  public:
    Result<void> write(std::string_view) override { return {}; }
};

class SteadyState : public testing::TestWithParam<Format> {};

TEST_P(SteadyState, WritingAllocatesNothing) {
    NullSink sink;
    const auto writer = make_record_writer(GetParam(), sink, Detail::kInclude);
    const Record record = full_record();
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(writer->write(record));
    const std::uint64_t before = allocations;
    for (int i = 0; i < 1000; ++i) (void)writer->write(record).has_value();
    EXPECT_EQ(allocations - before, 0U);
}

INSTANTIATE_TEST_SUITE_P(Formats, SteadyState, testing::Values(Format::kGob, Format::kJson, Format::kCsv));

}  // namespace
}  // namespace loadgen::runlog
