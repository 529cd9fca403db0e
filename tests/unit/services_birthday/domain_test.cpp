#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "services/birthday/domain/birth_date.hpp"
#include "services/birthday/domain/greeting.hpp"
#include "services/birthday/domain/username.hpp"

namespace loadgen::services::birthday {
namespace {

using ::testing::HasSubstr;

Date date(const char* text) {
    auto parsed = parse_date(text);
    EXPECT_TRUE(parsed.has_value()) << text;
    return parsed.value_or(Date{});
}

struct Vector {
    const char* today;
    const char* birth;
    int days;
};

class Calendar : public ::testing::TestWithParam<Vector> {};

TEST_P(Calendar, CountsDaysToTheNextBirthday) {
    EXPECT_EQ(days_until_birthday(date(GetParam().birth), date(GetParam().today)), GetParam().days);
}

// The contract's vectors; where it gives month and day only, the birth year is one of the same kind.
INSTANTIATE_TEST_SUITE_P(
    Contract, Calendar,
    ::testing::Values(Vector{"2022-05-30", "1978-06-18", 19}, Vector{"2022-05-30", "1997-11-28", 182},
                      Vector{"2022-05-30", "1990-05-13", 348}, Vector{"2022-05-30", "1984-02-29", 275},
                      Vector{"2023-05-30", "1984-02-29", 275}, Vector{"2020-12-31", "1999-12-30", 364},
                      Vector{"2019-12-31", "1999-12-30", 365}, Vector{"2020-02-27", "1984-02-29", 2},
                      Vector{"2021-02-27", "1984-02-29", 2}, Vector{"2023-10-12", "1978-06-18", 250},
                      Vector{"2023-10-12", "1997-11-28", 47}, Vector{"2023-10-16", "1978-06-18", 246}));

// The fix over the day-of-year arithmetic: leap birth years against common years and the reverse.
INSTANTIATE_TEST_SUITE_P(
    LeapYears, Calendar,
    ::testing::Values(Vector{"2023-06-18", "1984-06-18", 0}, Vector{"2024-06-18", "1983-06-18", 0},
                      Vector{"2023-03-01", "1984-03-01", 0}, Vector{"2024-03-01", "1983-03-01", 0},
                      Vector{"2023-12-31", "1984-12-31", 0}, Vector{"2024-12-31", "1983-12-31", 0},
                      Vector{"2023-06-19", "1984-06-18", 365}, Vector{"2024-02-29", "1984-02-29", 0},
                      Vector{"2023-03-01", "1984-02-29", 0}, Vector{"2023-03-02", "1984-02-29", 364},
                      Vector{"2024-03-01", "1984-02-29", 365}, Vector{"2023-02-28", "1984-02-29", 1},
                      Vector{"2099-12-31", "2000-02-29", 60}));

TEST(Calendar, AgreesWithWalkingDayByDay) {
    using std::chrono::sys_days;
    for (const char* birth_text : {"1984-02-29", "1983-01-01", "1984-12-31", "1999-03-01"}) {
        const Date birth = date(birth_text);
        for (sys_days day{date("2019-01-01")}; day < sys_days{date("2025-01-01")};
             day += std::chrono::days(1)) {
            int walked = 0;
            for (sys_days probe = day;; probe += std::chrono::days(1), ++walked) {
                const Date here(probe);
                const bool same = here.month() == birth.month() && here.day() == birth.day();
                const bool moved = birth.month() == std::chrono::February &&
                                   birth.day() == std::chrono::day(29) && !here.year().is_leap() &&
                                   here.month() == std::chrono::March && here.day() == std::chrono::day(1);
                if (same || moved) break;
            }
            ASSERT_EQ(days_until_birthday(birth, Date(day)), walked)
                << birth_text << " on " << format_date(Date(day));
        }
    }
}

TEST(ParseDate, TakesRealDaysOnly) {
    for (const char* good : {"2019-04-04", "0001-01-01", "9999-12-31", "2000-02-29", "2024-02-29"}) {
        auto parsed = parse_date(good);
        ASSERT_TRUE(parsed.has_value()) << good;
        EXPECT_EQ(format_date(*parsed), good);
    }
    for (const char* bad :
         {"",           "2019-04-04x", "x2019-04-04", "2019-04-04T00:00:00Z", "2019-4-4",
          "19-04-04",   "2019/04/04",  "2019-13-01",  "2019-00-10",           "2019-01-00",
          "2019-01-32", "2023-02-29",  "1900-02-29",  "2019-04-31",           " 2019-04-4",
          "+019-04-04", "-019-04-04",  "2019-0x-04",  "2019-04-04\n",         "２０１９-04-04"}) {
        auto parsed = parse_date(bad);
        ASSERT_FALSE(parsed.has_value()) << bad;
        EXPECT_THAT(parsed.error().message, HasSubstr("yyyy-mm-dd"));
    }
    EXPECT_FALSE(parse_date(std::string_view("2019-04-0\0", 10)).has_value());
}

TEST(CheckInPast, TodayIsTooLate) {
    EXPECT_TRUE(check_in_past(date("2022-05-29"), date("2022-05-30")).has_value());
    EXPECT_FALSE(check_in_past(date("2022-05-31"), date("2022-05-30")).has_value());
    const auto today = check_in_past(date("2022-05-30"), date("2022-05-30"));
    ASSERT_FALSE(today.has_value());
    EXPECT_EQ(today.error().message, "dateOfBirth must be before today (UTC)");
}

TEST(UtcDate, ChangesAtMidnight) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    EXPECT_EQ(utc_date(WallTime{0}), date("1970-01-01"));
    EXPECT_EQ(utc_date(WallTime{86400 * kSecond - 1}), date("1970-01-01"));
    EXPECT_EQ(utc_date(WallTime{86400 * kSecond}), date("1970-01-02"));
    EXPECT_EQ(utc_date(WallTime{-1}), date("1969-12-31"));
    EXPECT_EQ(utc_date(WallTime{1697414400 * kSecond}), date("2023-10-16"));
}

TEST(Username, LettersOnlyLowerCased) {
    EXPECT_EQ(parse_username("foo").value_or(""), "foo");
    EXPECT_EQ(parse_username("FoO").value_or(""), "foo");
    EXPECT_EQ(parse_username("ab").value_or(""), "ab");
    EXPECT_EQ(parse_username("abcdefghijkl").value_or(""), "abcdefghijkl");
    for (const char* bad : {"", "a", "abcdefghijklm", "foo1", "fo-o", "fo o", "jos\xc3\xa9", "foo\n"}) {
        auto parsed = parse_username(bad);
        ASSERT_FALSE(parsed.has_value()) << bad;
        EXPECT_EQ(parsed.error().message, "username must be 2 to 12 letters (a to z)");
    }
}

TEST(Greeting, SaysTheContractsSentence) {
    EXPECT_EQ(greeting("foo", 0), "Hello, foo! Happy birthday!");
    EXPECT_EQ(greeting("foo", 1), "Hello, foo! Your birthday is in 1 day(s)");
    EXPECT_EQ(greeting("foo", 170), "Hello, foo! Your birthday is in 170 day(s)");
}

}  // namespace
}  // namespace loadgen::services::birthday
