#include "common/text/utf8.hpp"

#include <gtest/gtest.h>

namespace loadgen::text {
namespace {

TEST(Utf8, KnowsValidSequences) {
    EXPECT_EQ(utf8_sequence_length("a"), 1U);
    EXPECT_EQ(utf8_sequence_length("\u00e9"), 2U);
    EXPECT_EQ(utf8_sequence_length("\u20ac"), 3U);
    EXPECT_EQ(utf8_sequence_length("\U0001F600"), 4U);
    for (const char* bad :
         {"\x80", "\xc0\xaf", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff"}) {
        EXPECT_EQ(utf8_sequence_length(bad), 0U);
    }
}

TEST(Utf8, CountsAsGoDoes) {
    EXPECT_EQ(utf8_length("500\u00b5s"), 5U);
    EXPECT_EQ(utf8_length("a\xff\xe2\x82"), 4U);
}

TEST(Utf8, KnowsWhiteSpace) {
    for (const char* space : {" x", "\t", "\u0085", "\u00a0x", "\u1680", "\u2003", "\u3000"}) {
        EXPECT_TRUE(starts_with_space(space));
    }
    for (const char* other : {"", "x ", "\u200b", "\xa0"}) EXPECT_FALSE(starts_with_space(other));
}

}  // namespace
}  // namespace loadgen::text
