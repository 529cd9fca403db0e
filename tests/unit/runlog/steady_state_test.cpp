// The engine's writer thread must not allocate per record once its buffers have grown.
#include <gtest/gtest.h>

#include "tests/support/alloc_counter.hpp"
#include "tests/unit/runlog/samples.hpp"

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
    const std::uint64_t before = test::allocations();
    for (int i = 0; i < 1000; ++i) (void)writer->write(record).has_value();
    EXPECT_EQ(test::allocations() - before, 0U);
}

INSTANTIATE_TEST_SUITE_P(Formats, SteadyState, testing::Values(Format::kGob, Format::kJson, Format::kCsv));

}  // namespace
}  // namespace loadgen::runlog
