#include "common/text/timestamp.hpp"

#include <gtest/gtest.h>

namespace loadgen::text {
namespace {

std::string printed(std::int64_t unix_ns) {
    std::string out;
    append_timestamp(out, WallTime{unix_ns});
    return out;
}

// Values of date -u.
TEST(Timestamp, PrintsUtcWithoutTrailingZeros) {
    EXPECT_EQ(printed(0), "1970-01-01T00:00:00Z");
    EXPECT_EQ(printed(1709251199'120'000'000), "2024-02-29T23:59:59.12Z");
    EXPECT_EQ(printed(1795226302'341'914'007), "2026-11-21T01:58:22.341914007Z");
    EXPECT_EQ(printed(-1), "1969-12-31T23:59:59.999999999Z");
}

TEST(Timestamp, ReadsOffsets) {
    EXPECT_EQ(parse_timestamp("2024-05-06T07:08:09.5+02:00")->unix_ns, 1714972089'500'000'000);
    EXPECT_EQ(parse_timestamp("2026-11-20T22:28:26.549263558-03:30")->unix_ns, 1795226306'549'263'558);
    EXPECT_EQ(parse_timestamp("1969-12-31T23:59:59.999999999Z")->unix_ns, -1);
    EXPECT_EQ(parse_timestamp("0001-01-01T00:00:00Z")->unix_ns, 0);
}

TEST(Timestamp, RefusesWhatIsNone) {
    for (const std::string_view text :
         {"", "2024-02-30T00:00:00Z", "2024-01-01", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00",
          "2024-01-01T00:00:00Zx", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00+24:00"}) {
        const auto time = parse_timestamp(text);
        ASSERT_FALSE(time) << text;
        EXPECT_EQ(time.error().message,
                  "found \"" + std::string(text) + "\", expected a time such as 2024-05-06T07:08:09.123Z");
    }
    EXPECT_EQ(parse_timestamp("2500-01-01T00:00:00Z").error().message,
              "found \"2500-01-01T00:00:00Z\", expected a year from 1678 to 2261");
}

}  // namespace
}  // namespace loadgen::text
