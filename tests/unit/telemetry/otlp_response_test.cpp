#include "common/telemetry/otlp_response.hpp"

#include <gtest/gtest.h>

namespace loadgen::telemetry {
namespace {

using namespace std::string_literals;

// Bytes by hand from the protobuf encoding guide: tag = field << 3 | wire type.
TEST(ExportResponse, ReadsWhatWasRejected) {
    const auto all = read_export_response("");
    ASSERT_TRUE(all);
    EXPECT_EQ(all->rejected, 0);
    const auto partial = read_export_response(
        "\x0a\x08\x08\xac\x02\x12\x03"
        "bad"s);
    ASSERT_TRUE(partial);
    EXPECT_EQ(partial->rejected, 300);
    EXPECT_EQ(partial->message, "bad");
    const auto warning = read_export_response(
        "\x0a\x04\x12\x02"
        "hm"s);
    ASSERT_TRUE(warning);
    EXPECT_EQ(warning->rejected, 0);
    EXPECT_EQ(warning->message, "hm");
}

TEST(ExportResponse, SkipsFieldsOfLaterVersions) {
    const auto response = read_export_response(
        "\x10\x05\x19"
        "12345678"
        "\x25"
        "1234"
        "\x0a\x02\x08\x07\x32\x01x"s);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->rejected, 7);
}

TEST(ExportResponse, RefusesWhatIsNoProtobuf) {
    for (const std::string& bad :
         {"{}"s, "\x0a"s, "\x0a\x05\x08"s, "\x0a\x02\x08"s,
          "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s, "\x00"s, "\x0b"s, "\x0c"s, "\x0f"s,
          "\x19"
          "1234567"s,
          "\x25"
          "123"s,
          "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"s}) {
        EXPECT_FALSE(read_export_response(bad)) << ::testing::PrintToString(bad);
    }
}

// 784111777 is the Unix time of the example in RFC 9110 section 5.6.7.
TEST(RetryAfter, ReadsSecondsAndDates) {
    const WallTime now{784'111'770'000'000'000};
    EXPECT_EQ(read_retry_after("0", now), Nanos(0));
    EXPECT_EQ(read_retry_after("120", now), std::chrono::seconds(120));
    EXPECT_EQ(read_retry_after("4294967295", now), std::chrono::seconds(4294967295));
    EXPECT_EQ(read_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now), std::chrono::seconds(7));
    EXPECT_EQ(read_retry_after("Sun, 06 Nov 1994 08:49:29 GMT", now), Nanos(0));
    for (const char* bad : {"", "-1", "1.5", "1 ", "4294967296", "soon", "Sun, 06 Nov 1994 08:49:37 CET",
                            "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Now 1994 08:49:37 GMT",
                            "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
                            "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1969 08:49:37 GMT"}) {
        EXPECT_FALSE(read_retry_after(bad, now)) << bad;
    }
}

}  // namespace
}  // namespace loadgen::telemetry
