#include "common/http/cookie_date.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace loadgen::http {
namespace {

constexpr std::int64_t kNone = -1;

std::int64_t seconds(std::string_view text) {
    const auto date = parse_cookie_date(text);
    return date ? date->unix_ns / 1'000'000'000 : kNone;
}

TEST(CookieDate, ReadsTheFormsOfHttp) {
    // The three forms of RFC 9110 section 5.6.7, all the same instant.
    EXPECT_EQ(seconds("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
    EXPECT_EQ(seconds("Sunday, 06-Nov-94 08:49:37 GMT"), 784111777);
    EXPECT_EQ(seconds("Sun Nov  6 08:49:37 1994"), 784111777);
    EXPECT_EQ(seconds("Wed, 09 Jun 2021 10:18:14 GMT"), 1623233894);  // RFC 6265 section 3.1
}

TEST(CookieDate, ReadsWhatServersWrite) {
    EXPECT_EQ(seconds("9 jUNe 2021 10:18:14"), 1623233894);
    EXPECT_EQ(seconds("10:18:14;2021+Jun=09"), 1623233894);
    EXPECT_EQ(seconds("09/jun/2021 10:18:14pm"), 1623233894);
    EXPECT_EQ(seconds("9th June 21 10:18:14 GMT-0800"), 1623233894);
    EXPECT_EQ(seconds("Thu, 01-Jan-1970 00:00:00 GMT"), 0);
    EXPECT_EQ(seconds("1 Jan 69 0:0:1"), 3124224001);
    EXPECT_EQ(seconds("31 Dec 70 23:59:59"), 31535999);
}

TEST(CookieDate, RefusesWhatIsNoInstant) {
    for (const std::string_view text :
         {"", "tomorrow", "Wed, 09 Jun 2021", "10:18:14 Jun 2021", "09 2021 10:18:14", "09 Jun 10:18:14",
          "00 Jun 2021 10:18:14", "31 Jun 2021 10:18:14", "29 Feb 2021 10:18:14", "32 Dec 2021 10:18:14",
          "09 Jun 1600 10:18:14", "09 Jun 2021 24:00:00", "09 Jun 2021 10:60:00", "09 Jun 2021 10:18:60",
          "09 Jun 2021 10:18", "09 Jun 20211 10:18:14", "123 Jun 2021 10:18:14", "09 Jun 2021 010:18:14"}) {
        EXPECT_EQ(seconds(text), kNone) << text;
    }
}

TEST(CookieDate, FarAwayIsTheLastInstant) {
    constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max() / 1'000'000'000;
    EXPECT_EQ(seconds("Fri, 31 Dec 9999 23:59:59 GMT"), kLast);
    EXPECT_EQ(seconds("Mon, 01 Jan 1601 00:00:00 GMT"), -kLast);
}

}  // namespace
}  // namespace loadgen::http
