#include "common/http/header.hpp"

#include <gtest/gtest.h>

namespace loadgen::http {
namespace {

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
