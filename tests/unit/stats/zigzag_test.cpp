#include "common/stats/zigzag.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>

#include "common/base/encoding.hpp"

namespace loadgen::stats {
namespace {

// Worked out by hand from the definition: (value << 1) ^ (value >> 63), 7 bits a byte, lowest first, 8 in the
// ninth.
class Zigzag : public testing::TestWithParam<std::pair<std::int64_t, std::string>> {};

TEST_P(Zigzag, BothWays) {
    std::string bytes;
    append_zigzag(bytes, GetParam().first);
    EXPECT_EQ(to_hex(bytes), GetParam().second);
    std::size_t offset = 0;
    EXPECT_EQ(take_zigzag(bytes + "x", offset), GetParam().first);
    EXPECT_EQ(offset, bytes.size());
}

INSTANTIATE_TEST_SUITE_P(
    Values, Zigzag,
    testing::Values(std::pair{0, "00"}, std::pair{-1, "01"}, std::pair{1, "02"}, std::pair{63, "7e"},
                    std::pair{-64, "7f"}, std::pair{64, "8001"}, std::pair{-65, "8101"},
                    std::pair{8191, "fe7f"}, std::pair{(std::int64_t{1} << 55) - 1, "feffffffffffff7f"},
                    std::pair{std::int64_t{1} << 55, "808080808080808001"},
                    std::pair{std::numeric_limits<std::int64_t>::max(), "feffffffffffffffff"},
                    std::pair{std::numeric_limits<std::int64_t>::min(), "ffffffffffffffffff"}));

TEST(Zigzag, BytesThatEndWithinANumberGiveNone) {
    for (const std::string& bytes :
         {std::string(), std::string("\x80"), std::string("\xff\xff\xff"), std::string(8, '\x80')}) {
        std::size_t offset = 0;
        EXPECT_EQ(take_zigzag(bytes, offset), std::nullopt);
        EXPECT_EQ(offset, 0U);
    }
}

}  // namespace
}  // namespace loadgen::stats
