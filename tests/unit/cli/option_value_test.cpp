#include "loadgen/cli/option_value.hpp"

#include <gtest/gtest.h>

namespace loadgen::cli {
namespace {

TEST(OptionValue, BoolsAreGos) {
    for (const char* text : {"1", "t", "T", "true", "TRUE", "True"}) EXPECT_TRUE(*parse_bool(text));
    for (const char* text : {"0", "f", "F", "false", "FALSE", "False"}) EXPECT_FALSE(*parse_bool(text));
    EXPECT_EQ(parse_bool("yes").error().message, "found \"yes\", expected true or false");
}

TEST(OptionValue, Integers) {
    EXPECT_EQ(*parse_int("-1"), -1);
    EXPECT_EQ(*parse_int("+7"), 7);
    EXPECT_EQ(*parse_int("0x10"), 16);
    EXPECT_EQ(*parse_uint("18446744073709551615"), 18446744073709551615U);
    EXPECT_EQ(parse_int("10s").error().message, "found \"10s\", expected a whole number, such as 10 or -1");
    EXPECT_EQ(parse_uint("-1").error().message, "found \"-1\", expected a whole number of 0 or more");
    for (const char* text : {"", " 1", "1 ", "--1", "9223372036854775808", "0x"})
        EXPECT_FALSE(parse_int(text));
    EXPECT_FALSE(parse_uint("18446744073709551616"));
}

// vegeta's sizes: every unit is a power of 1024, any case.
TEST(OptionValue, ByteSizes) {
    EXPECT_EQ(*parse_byte_size("-1"), -1);
    EXPECT_EQ(*parse_byte_size("0"), 0);
    EXPECT_EQ(*parse_byte_size("512"), 512);
    EXPECT_EQ(*parse_byte_size("1B"), 1);
    EXPECT_EQ(*parse_byte_size("1KB"), 1024);
    EXPECT_EQ(*parse_byte_size("64 kb"), 65536);
    EXPECT_EQ(*parse_byte_size("2MiB"), 2 << 20);
    EXPECT_EQ(*parse_byte_size("3g"), 3LL << 30);
    for (const char* text : {"", "KB", "-2", "1.5MB", "1XB", "1KBB", "9999999PB"}) {
        EXPECT_FALSE(parse_byte_size(text)) << text;
    }
    EXPECT_EQ(parse_byte_size("1.5MB").error().message,
              "found \"1.5MB\", expected a size such as 512, 64KB, 10MB or 1GB, or -1 for no limit");
}

}  // namespace
}  // namespace loadgen::cli
