#include "loadgen/engine/exchanges/trace_mint.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

namespace loadgen::engine::test {
namespace {

constexpr std::uint32_t kEpoch = 0x65a0b1c2;

std::string text_of(const TraceIds& ids) {
    TraceparentText text;
    write_traceparent(text, ids);
    return {text.data(), text.size()};
}

TEST(TraceMint, WritesWhatTheSpecificationReads) {
    TraceIds ids;
    for (std::size_t i = 0; i < 16; ++i) ids.trace.bytes[i] = static_cast<std::uint8_t>(i * 17);
    for (std::size_t i = 0; i < 8; ++i) ids.span.bytes[i] = static_cast<std::uint8_t>(0xf0 + i);
    EXPECT_EQ(text_of(ids), "00-00112233445566778899aabbccddeeff-f0f1f2f3f4f5f6f7-01");
}

TEST(TraceMint, EveryIdIsNewOverWorkersAndOfThisRun) {
    std::set<std::string> traces;
    std::set<std::string> low_halves;
    std::set<std::string> spans;
    for (std::uint16_t worker = 0; worker < 3; ++worker) {
        TraceMint mint(42, kEpoch, worker);
        for (int i = 0; i < 20'000; ++i) {
            const TraceIds ids = mint.next();
            const auto read = telemetry::parse_traceparent(text_of(ids));
            ASSERT_TRUE(read);
            ASSERT_EQ(read->trace_id, ids.trace);
            ASSERT_EQ(read->span_id, ids.span);
            ASSERT_EQ(read->flags, telemetry::kSampledFlag);
            const std::string trace = ids.trace.text();
            ASSERT_EQ(trace.substr(0, 8), "65a0b1c2");
            traces.insert(trace);
            low_halves.insert(trace.substr(16));
            spans.insert(ids.span.text());
        }
    }
    EXPECT_EQ(traces.size(), 60'000U);
    EXPECT_EQ(low_halves.size(), 60'000U) << "systems that keep 64 bits tell them apart, too";
    EXPECT_EQ(spans.size(), 60'000U);
}

TEST(TraceMint, RunsWithOtherSaltsHaveOtherIds) {
    TraceMint one(1, kEpoch, 0);
    TraceMint other(2, kEpoch, 0);
    const TraceIds a = one.next();
    const TraceIds b = other.next();
    EXPECT_NE(a.trace, b.trace);
    EXPECT_NE(a.span, b.span);
}

// Samplers decide by the last bytes: each bit of them is set half of the time (within six sigma).
TEST(TraceMint, TheLowHalfLooksRandom) {
    constexpr int kIds = 10'000;
    std::array<int, 64> set{};
    TraceMint mint(7, kEpoch, 0);
    for (int i = 0; i < kIds; ++i) {
        const TraceIds ids = mint.next();
        for (std::size_t bit = 0; bit < 64; ++bit) {
            if ((ids.trace.bytes[8 + bit / 8] >> (bit % 8) & 1) != 0) ++set[bit];
        }
    }
    for (const int count : set) EXPECT_NEAR(count, kIds / 2, 300);
}

}  // namespace
}  // namespace loadgen::engine::test
