#include "common/http/header.hpp"

#include <string>

#include <gtest/gtest.h>

namespace loadgen::http {
namespace {

/// RFC 9110 section 5.1, written the slow way.
bool naive_equal(unsigned char a, unsigned char b) {
    const auto fold = [](unsigned char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<unsigned char>(c + 32) : c;
    };
    return fold(a) == fold(b);
}

// Names are compared eight bytes at a time: every pair of bytes, at every place of a word and behind it.
TEST(EqualName, EveryPairOfBytesAtEveryPlace) {
    for (std::size_t place = 0; place < 11; ++place) {
        std::string a = "Abc-dEf_123";
        std::string b = "aBC-Def_123";
        for (int first = 0; first < 256; ++first) {
            for (int second = 0; second < 256; ++second) {
                a[place] = static_cast<char>(first);
                b[place] = static_cast<char>(second);
                ASSERT_EQ(equal_name(a, b),
                          naive_equal(static_cast<unsigned char>(first), static_cast<unsigned char>(second)))
                    << place << ' ' << first << ' ' << second;
            }
        }
    }
}

TEST(Header, NamesCompareWithoutCase) {
    EXPECT_TRUE(equal_name("Content-Length", "content-LENGTH"));
    EXPECT_FALSE(equal_name("Content-Length", "Content-Lengt"));
    EXPECT_FALSE(equal_name("a-b", "a_b"));
    // '@' and '`' differ by the case bit and are not letters, nor are bytes above 127.
    EXPECT_FALSE(equal_name("@", "`"));
    EXPECT_FALSE(equal_name("\xc3", "\xe3"));
    EXPECT_TRUE(equal_name("", ""));
}

TEST(Header, FindsTheFirst) {
    const Headers headers = {{"A", "1"}, {"b", "2"}, {"B", "3"}};
    ASSERT_NE(find_header(headers, "B"), nullptr);
    EXPECT_EQ(find_header(headers, "B")->value, "2");
    EXPECT_EQ(find_header(headers, "C"), nullptr);
}

TEST(Header, ReasonPhrasesOfTheRegistry) {
    EXPECT_EQ(reason_phrase(200), "OK");
    EXPECT_EQ(reason_phrase(404), "Not Found");
    EXPECT_EQ(reason_phrase(413), "Content Too Large");
    EXPECT_EQ(reason_phrase(418), "");
    EXPECT_EQ(reason_phrase(599), "");
}

}  // namespace
}  // namespace loadgen::http
