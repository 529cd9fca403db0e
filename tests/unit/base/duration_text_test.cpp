// Values: Go's documentation of time.ParseDuration, Duration.String and Duration.Round, and Go's own test
// tables for them (src/time/time_test.go); display rounding: vegeta's text report.
#include "common/base/duration_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <string>

namespace loadgen {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr Nanos kMin{std::numeric_limits<std::int64_t>::min()};
constexpr Nanos kMax{std::numeric_limits<std::int64_t>::max()};

struct Case {
    std::string text;
    Nanos value;
};

class ParsesLikeGo : public testing::TestWithParam<Case> {};

TEST_P(ParsesLikeGo, Value) {
    const Result<Nanos> parsed = parse_duration(GetParam().text);
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(parsed->count(), GetParam().value.count()) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Go, ParsesLikeGo,
    testing::Values(
        Case{"0", 0ns}, Case{"5s", 5s}, Case{"30s", 30s}, Case{"1478s", 1478s}, Case{"-5s", -5s},
        Case{"+5s", 5s}, Case{"-0", 0ns}, Case{"+0", 0ns}, Case{"5.0s", 5s}, Case{"5.6s", 5600ms},
        Case{"5.s", 5s}, Case{".5s", 500ms}, Case{"1.0s", 1s}, Case{"1.00s", 1s}, Case{"1.004s", 1004ms},
        Case{"1.0040s", 1004ms}, Case{"100.00100s", 100001ms}, Case{"10ns", 10ns}, Case{"11us", 11us},
        Case{"12\u00b5s", 12us}, Case{"12\u03bcs", 12us}, Case{"13ms", 13ms}, Case{"14s", 14s},
        Case{"15m", 15min}, Case{"16h", 16h}, Case{"3h30m", 3h + 30min}, Case{"10.5s4m", 4min + 10500ms},
        Case{"-2m3.4s", -(2min + 3400ms)}, Case{"1h2m3s4ms5us6ns", 1h + 2min + 3s + 4ms + 5us + 6ns},
        Case{"39h9m14.425s", 39h + 9min + 14425ms}, Case{"52763797000ns", 52763797000ns},
        Case{"0.3333333333333333333h", 20min}, Case{"9007199254740993ns", Nanos(9007199254740993)},
        Case{"9223372036854775807ns", kMax}, Case{"9223372036854775.807us", kMax},
        Case{"9223372036s854ms775us807ns", kMax}, Case{"-9223372036854775808ns", kMin},
        Case{"-9223372036854775.808us", kMin}, Case{"-9223372036s854ms775us808ns", kMin},
        Case{"-2562047h47m16.854775808s", kMin}, Case{"0.100000000000000000000h", 6min},
        Case{"0.830103483285477580700h", 49min + 48s + 372539827ns},
        // Below a nanosecond Go cuts off.
        Case{"1.9ns", 1ns}, Case{"0.9999999999s", 999999999ns}));

class RefusedLikeGo : public testing::TestWithParam<std::string> {};

TEST_P(RefusedLikeGo, Error) {
    const Result<Nanos> parsed = parse_duration(GetParam());
    ASSERT_FALSE(parsed) << parsed->count();
    EXPECT_THAT(parsed.error().code, testing::AnyOf(ErrorCode::kUsage, ErrorCode::kLimit));
    EXPECT_THAT(parsed.error().message, HasSubstr("bad duration \"" + GetParam() + "\""));
}

INSTANTIATE_TEST_SUITE_P(Go, RefusedLikeGo,
                         testing::Values("", "3", "-", "s", ".", "-.", ".s", "+.s", "1d", "\x85\x85",
                                         "\xff\xff", "hello \xff\xff world", "9223372036854775810ns",
                                         "9223372036854775808ns", "-9223372036854775809ns",
                                         "9223372036854776us", "3000000h", "9223372036854775.808us",
                                         "9223372036854ms775us808ns",
                                         // Terms that wrap around 2^64 together.
                                         "-9223372036854775808ns9223372036854775808ns", " 1s", "1s ", "1 s",
                                         "--1s", "1e3s", "0x1s", "infs", "nans"));

TEST(DurationText, ErrorSaysWhatWasFoundAndWhatIsAllowed) {
    EXPECT_EQ(parse_duration("5 minutes").error().message,
              "bad duration \"5 minutes\": expected a number with a unit of ns, us, ms, s, m or h, such as "
              "1m30s or "
              "250ms");
}

// bug: what was too long was told to have a unit.
TEST(DurationText, ErrorSaysWhatIsTooLarge) {
    for (const std::string text : {"99999999h", "99999999999999999999999s", "-2562048h",
                                   "9223372036854775808ns", "2562047h1h", "1s99999999999999999999ns"}) {
        const auto parsed = parse_duration(text);
        ASSERT_FALSE(parsed);
        EXPECT_EQ(parsed.error().message,
                  "bad duration \"" + text + "\": too large, expected at most 2562047h");
        EXPECT_EQ(parsed.error().code, ErrorCode::kLimit);
    }
    EXPECT_THAT(parse_duration("99999999h5").error().message, HasSubstr("expected a number with a unit"));
}

class FormatsLikeGo : public testing::TestWithParam<Case> {};

TEST_P(FormatsLikeGo, Text) {
    EXPECT_EQ(format_duration(GetParam().value), GetParam().text);
    const Result<Nanos> back = parse_duration(GetParam().text);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(
    Go, FormatsLikeGo,
    testing::Values(Case{"0s", 0ns}, Case{"1ns", 1ns}, Case{"1.1\u00b5s", 1100ns}, Case{"2.2ms", 2200us},
                    Case{"3.3s", 3300ms}, Case{"4m5s", 4min + 5s}, Case{"4m5.001s", 4min + 5001ms},
                    Case{"5h6m7.001s", 5h + 6min + 7001ms}, Case{"8m0.000000001s", 8min + 1ns},
                    Case{"2562047h47m16.854775807s", kMax}, Case{"-2562047h47m16.854775808s", kMin},
                    Case{"1h0m0s", 1h}, Case{"1m0s", 1min}, Case{"-1.5ms", -1500us},
                    Case{"999.999999ms", 999999999ns}));

class RoundsLikeVegeta : public testing::TestWithParam<std::pair<Nanos, std::string>> {};

TEST_P(RoundsLikeVegeta, Text) {
    EXPECT_EQ(display_duration(GetParam().first), GetParam().second);
}

INSTANTIATE_TEST_SUITE_P(
    Display, RoundsLikeVegeta,
    testing::Values(std::pair{0ns, "0s"}, std::pair{999ns, "999ns"}, std::pair{Nanos(1234), "1.234\u00b5s"},
                    std::pair{Nanos(1234567), "1.235ms"}, std::pair{Nanos(1234499), "1.234ms"},
                    std::pair{Nanos(1234500), "1.235ms"}, std::pair{Nanos(999999999), "1s"},
                    std::pair{Nanos(1234567890), "1.235s"}, std::pair{Nanos(59999500000), "1m0s"},
                    std::pair{Nanos(61500000000), "1m2s"}, std::pair{Nanos(61499999999), "1m1s"},
                    std::pair{Nanos(3630000000000), "1h1m0s"}, std::pair{Nanos(3629999999999), "1h0m0s"},
                    std::pair{Nanos(-1234567), "-1.235ms"}));

TEST(DurationText, RoundingAtTheEndsOfTheRangeStaysInIt) {
    // The largest duration is 16.85 s above a whole minute, so everything around it rounds to that minute.
    EXPECT_EQ(round_for_display(kMax), 2562047h + 47min);
    EXPECT_EQ(round_for_display(kMin), -(2562047h + 47min));
    EXPECT_EQ(round_for_display(kMax - 20s), 2562047h + 47min);
}

}  // namespace
}  // namespace loadgen
