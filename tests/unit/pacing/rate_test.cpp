#include "loadgen/pacing/rate.hpp"

#include <gtest/gtest.h>

namespace loadgen::pacing {
namespace {

Rate parsed(std::string_view text) {
    const Result<Rate> rate = parse_rate(text);
    EXPECT_TRUE(rate) << rate.error().message;
    return rate.value_or(Rate{});
}

std::string refused(std::string_view text) {
    const Result<Rate> rate = parse_rate(text);
    return rate ? "accepted" : rate.error().message;
}

// The forms vegeta's rateFlag takes (its flags.go: Atoi, then a bare unit or a Go duration).
TEST(Rate, ReadsVegetasForms) {
    EXPECT_EQ(parsed("50"), (Rate{50, Nanos(1'000'000'000)}));
    EXPECT_EQ(parsed("+50"), (Rate{50, Nanos(1'000'000'000)}));
    EXPECT_EQ(parsed("50/1s"), (Rate{50, Nanos(1'000'000'000)}));
    EXPECT_EQ(parsed("50/s"), (Rate{50, Nanos(1'000'000'000)}));
    EXPECT_EQ(parsed("100/m"), (Rate{100, Nanos(60'000'000'000)}));
    EXPECT_EQ(parsed("1/h"), (Rate{1, Nanos(3'600'000'000'000)}));
    EXPECT_EQ(parsed("3/500ms"), (Rate{3, Nanos(500'000'000)}));
    EXPECT_EQ(parsed("2/ms"), (Rate{2, Nanos(1'000'000)}));
    EXPECT_EQ(parsed("1/µs"), (Rate{1, Nanos(1'000)}));
    EXPECT_EQ(parsed("1/us"), (Rate{1, Nanos(1'000)}));
    EXPECT_EQ(parsed("1/ns"), (Rate{1, Nanos(1)}));
    EXPECT_TRUE(parsed("0").is_zero());
    EXPECT_TRUE(parsed("0/1m").is_zero());
    EXPECT_TRUE(parsed("infinity").is_zero());
}

TEST(Rate, ReadsMinutesAndDecimalsBesides) {
    EXPECT_EQ(parsed("100/min"), (Rate{100, Nanos(60'000'000'000)}));
    EXPECT_EQ(parsed("2.5/s"), (Rate{5, Nanos(2'000'000'000)}));
    EXPECT_EQ(parsed("0.001"), (Rate{1, Nanos(1'000'000'000'000)}));
    EXPECT_EQ(parsed("100.000"), (Rate{100, Nanos(1'000'000'000)}));
    EXPECT_DOUBLE_EQ(parsed("2.5/s").per_second(), 2.5);
}

TEST(Rate, ErrorsSayWhatWasFoundAndWhatIsAllowed) {
    EXPECT_EQ(refused(""),
              "bad rate \"\": \"\" is not a count; expected a count, or count/unit such as 50/s, 100/1m or "
              "3/500ms, "
              "or infinity");
    EXPECT_EQ(
        refused("fast"),
        "bad rate \"fast\": \"fast\" is not a count; expected a count, or count/unit such as 50/s, 100/1m or "
        "3/500ms, or infinity");
    EXPECT_EQ(refused("-5"), "bad rate \"-5\": the count must not be negative");
    EXPECT_EQ(refused("50/"),
              "bad rate \"50/\": \"\" is not a time unit; expected ns, us, ms, s, m, h or a duration such as "
              "500ms");
    EXPECT_EQ(
        refused("50/fortnight"),
        "bad rate \"50/fortnight\": \"fortnight\" is not a time unit; expected ns, us, ms, s, m, h or a "
        "duration such as 500ms");
    EXPECT_EQ(refused("50/0s"), "bad rate \"50/0s\": the time unit must be longer than zero");
    EXPECT_EQ(refused("50/-1s"), "bad rate \"50/-1s\": the time unit must be longer than zero");
    EXPECT_EQ(refused("50/721h"), "bad rate \"50/721h\": the time unit must not exceed 720h");
    EXPECT_EQ(refused("2000000000"), "bad rate \"2000000000\": at most 1000000000 requests per second");
    EXPECT_EQ(refused("99999999999999999999"), "bad rate \"99999999999999999999\": the count is too large");
    EXPECT_EQ(refused("1.0000001"), "bad rate \"1.0000001\": at most 6 decimals are allowed");
    EXPECT_EQ(refused("0.000001/h"), "bad rate \"0.000001/h\": too many decimals for so long a unit");
    for (const char* text : {"5.", ".5", "1e3", "5 /s", " 5", "0x10", "5//s", "1.2.3"})
        EXPECT_NE(refused(text), "accepted") << text;
}

TEST(Rate, FormatReadsBackAsItself) {
    for (const char* text : {"50/s", "100/m", "1/h", "3/500ms", "2/ms", "5/2s", "infinity"}) {
        EXPECT_EQ(format_rate(parsed(text)), text);
    }
}

}  // namespace
}  // namespace loadgen::pacing
