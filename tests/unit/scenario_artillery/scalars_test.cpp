#include "loadgen/scenario/artillery/scalars.hpp"

#include <gtest/gtest.h>

namespace loadgen::scenario::artillery {
namespace {

std::int64_t millis(std::string_view text) {
    const auto duration = duration_of(text);
    return duration ? duration->value.count() / 1'000'000 : -1;
}

// The rows of the README of npm's ms, and what Artillery adds: plain numbers are seconds.
TEST(Durations, AreReadAsNpmMsReadsThem) {
    EXPECT_EQ(millis("2 days"), 172'800'000);
    EXPECT_EQ(millis("1d"), 86'400'000);
    EXPECT_EQ(millis("10h"), 36'000'000);
    EXPECT_EQ(millis("2.5 hrs"), 9'000'000);
    EXPECT_EQ(millis("2h"), 7'200'000);
    EXPECT_EQ(millis("1m"), 60'000);
    EXPECT_EQ(millis("5s"), 5'000);
    EXPECT_EQ(millis("1y"), 31'557'600'000);
    EXPECT_EQ(millis("100 MSECS"), 100);
    EXPECT_EQ(millis(".5 min"), 30'000);
    EXPECT_EQ(millis("100"), 100'000);
    EXPECT_EQ(millis(" 7 "), 7'000);
}

TEST(Durations, WithoutSenseAreNone) {
    for (const char* text : {"", "s", "5 parsecs", "5s5", "1h30m", "-5s", "5 ms s", "1e3", "1.2.3", "nan",
                             "inf", "99999999999 years", "5\n"})
        EXPECT_FALSE(duration_of(text)) << text;
}

TEST(Durations, SayWhenAFractionHasNoUnit) {
    EXPECT_TRUE(duration_of("0.5")->fraction_without_unit);
    EXPECT_EQ(millis("0.5"), 500);
    EXPECT_FALSE(duration_of("0.5s")->fraction_without_unit);
    EXPECT_FALSE(duration_of("5.0")->fraction_without_unit);
}

Node scalar(const char* text) {
    Node node;
    node.kind = Node::Kind::kScalar;
    node.scalar = text;
    return node;
}

TEST(Scalars, AreNumbersAndBooleansQuotedOrNot) {
    EXPECT_EQ(number_of(scalar("2.5")), 2.5);
    EXPECT_EQ(number_of(scalar("+1e3")), 1000);
    EXPECT_EQ(number_of(scalar("0x10")), std::nullopt);
    EXPECT_EQ(number_of(scalar("infinity")), std::nullopt);
    EXPECT_EQ(whole_of(scalar("3")), 3U);
    EXPECT_EQ(whole_of(scalar("3.5")), std::nullopt);
    EXPECT_EQ(whole_of(scalar("-3")), std::nullopt);
    EXPECT_EQ(bool_of(scalar("true")), true);
    EXPECT_EQ(bool_of(scalar("yes")), std::nullopt);
    EXPECT_EQ(bool_of(Node()), std::nullopt);
}

}  // namespace
}  // namespace loadgen::scenario::artillery
