#include "common/stats/hdr_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/unit/stats/hdr_data.hpp"

namespace loadgen::stats {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr std::int64_t kStartNs = 1'700'000'000'250'000'000;

struct Log {
    std::vector<LogInterval> intervals;
    HdrLogReader reader;
    std::string error;
};

Log read(const std::string& text, double unit_ns = 1) {
    Log log;
    Result<HdrLogReader> reader = read_hdr_log(text, {.unit_ns = unit_ns}, [&log](LogInterval&& interval) {
        log.intervals.push_back(std::move(interval));
    });
    if (reader) {
        log.reader = *std::move(reader);
    } else {
        log.error = reader.error().message;
    }
    return log;
}

const std::string& payload() {
    static const std::string text = encode_hdr_base64(hdr_data::recorded(1, 10));
    return text;
}

// -- Written by others.

TEST(HdrLogIn, ReadsTheReferencesLog) {
    const Log log = read(hdr_data::read("java-intervals.hlog"));
    EXPECT_EQ(log.error, "");
    ASSERT_EQ(log.intervals.size(), 4U);
    EXPECT_DOUBLE_EQ(*log.reader.start_time_seconds(), 1700000000.250);
    EXPECT_FALSE(log.reader.lengths_were_ends());
    EXPECT_EQ(log.reader.warning(), "");
    for (std::size_t i = 0; i < 4; ++i) {
        const LogInterval& interval = log.intervals[i];
        EXPECT_EQ(interval.tag, i % 2 == 1 ? "write/orders" : "");
        EXPECT_EQ(interval.start.unix_ns, kStartNs + static_cast<std::int64_t>(i) * 1'000'000'000);
        EXPECT_EQ(interval.length, 1s);
        EXPECT_EQ(encode_hdr(interval.histogram),
                  encode_hdr(hdr_data::recorded(100 + i, 200 + static_cast<int>(i))));
    }
}

TEST(HdrLogIn, ReadsAJavaScriptLogInMicroseconds) {
    const Log log = read(hdr_data::read("js-intervals.hlog"), 1000);
    EXPECT_EQ(log.error, "");
    ASSERT_EQ(log.intervals.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        const LogInterval& interval = log.intervals[i];
        EXPECT_EQ(interval.tag, i > 0 ? "read" : "");
        EXPECT_EQ(interval.start.unix_ns, kStartNs + static_cast<std::int64_t>(i) * 1'000'000'000);
        EXPECT_EQ(interval.length, 1s);
        EXPECT_EQ(interval.histogram.count(), 100 + i);
        const auto expected =
            static_cast<double>(hdr_data::recorded(200 + i, 100 + static_cast<int>(i)).max().count());
        EXPECT_NEAR(static_cast<double>(interval.histogram.max().count()) / expected, 1.0, 0.0015);
    }
}

// -- Written by us.

TEST(HdrLogOut, WritesTheReferencesLines) {
    std::string log;
    append_hdr_log_header(log, {kStartNs}, "Written by loadgen\nsecond line");
    LogInterval interval{"read", {kStartNs + 1'500'000'000}, 1s, {}};
    interval.histogram.record(1500us);
    ASSERT_TRUE(append_hdr_log_interval(log, {kStartNs}, interval));
    interval.tag.clear();
    interval.histogram = Histogram();
    ASSERT_TRUE(append_hdr_log_interval(log, {kStartNs}, interval));
    EXPECT_THAT(
        log, testing::StartsWith("#[Written by loadgen]\n"
                                 "#[second line]\n"
                                 "#[Histogram log format version 1.3]\n"
                                 "#[StartTime: 1700000000.250 (seconds since epoch), 2023-11-14T22:13:20Z]\n"
                                 "#[BaseTime: 1700000000.250 (seconds since epoch)]\n"
                                 "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
                                 "\"Interval_Compressed_Histogram\"\n"
                                 "Tag=read,1.500,1.000,1.500,HISTFAAA"));
    EXPECT_THAT(log, HasSubstr("\n1.500,1.000,0.000,HISTFAAA"));
}

TEST(HdrLogOut, ComesBackAsWritten) {
    std::string text;
    append_hdr_log_header(text, {kStartNs});
    for (int i = 0; i < 5; ++i) {
        const LogInterval interval{i % 2 == 0 ? "" : "orders",
                                   {kStartNs + i * 100'000'000},
                                   100ms,
                                   hdr_data::recorded(static_cast<std::uint64_t>(i), 50)};
        ASSERT_TRUE(append_hdr_log_interval(text, {kStartNs}, interval));
    }
    const Log log = read(text);
    EXPECT_EQ(log.error, "");
    EXPECT_EQ(log.reader.warning(), "");
    ASSERT_EQ(log.intervals.size(), 5U);
    for (int i = 0; i < 5; ++i) {
        const LogInterval& interval = log.intervals[static_cast<std::size_t>(i)];
        EXPECT_EQ(interval.tag, i % 2 == 0 ? "" : "orders");
        EXPECT_EQ(interval.start.unix_ns, kStartNs + i * 100'000'000);
        EXPECT_EQ(interval.length, 100ms);
        EXPECT_EQ(encode_hdr(interval.histogram),
                  encode_hdr(hdr_data::recorded(static_cast<std::uint64_t>(i), 50)));
    }
}

TEST(HdrLogOut, IntervalsThatTouchStillTouchInMilliseconds) {
    // Thirds of a second: rounding start and length apart would leave gaps of a millisecond.
    std::string text;
    append_hdr_log_header(text, {kStartNs});
    for (int i = 0; i < 30; ++i) {
        const LogInterval interval{"", {kStartNs + i * 333'333'333L}, Nanos(333'333'333), {}};
        ASSERT_TRUE(append_hdr_log_interval(text, {kStartNs}, interval));
    }
    const Log log = read(text);
    ASSERT_EQ(log.intervals.size(), 30U);
    for (std::size_t i = 1; i < 30; ++i) {
        const LogInterval& before = log.intervals[i - 1];
        EXPECT_EQ(before.start.unix_ns + before.length.count(), log.intervals[i].start.unix_ns);
    }
}

TEST(HdrLogOut, RefusesTagsThatTheFormatCannotHold) {
    std::string out;
    for (const std::string tag : {"a,b", "a b", "a\nb", "\t"}) {
        const Result<void> written = append_hdr_log_interval(out, {}, {tag, {}, 1s, {}});
        ASSERT_FALSE(written);
        EXPECT_EQ(written.error().code, ErrorCode::kUsage);
        EXPECT_THAT(written.error().message, HasSubstr("bad tag \"" + tag + "\""));
    }
    EXPECT_EQ(out, "");
}

// -- Times.

TEST(HdrLogIn, WithoutBaseTimeEarlyTimestampsCountFromStartTime) {
    const Log log = read("#[StartTime: 1700000000.250 (seconds since epoch), whenever]\n0.500,1.000,1," +
                         payload() + "\n");
    ASSERT_EQ(log.intervals.size(), 1U) << log.error;
    EXPECT_EQ(log.intervals[0].start.unix_ns, kStartNs + 500'000'000);
}

TEST(HdrLogIn, WithoutAnyHeaderTimestampsAreAbsolute) {
    const Log log = read("1700000000.250,1.000,1," + payload());
    ASSERT_EQ(log.intervals.size(), 1U) << log.error;
    EXPECT_EQ(log.intervals[0].start.unix_ns, kStartNs);
}

TEST(HdrLogIn, CarriageReturnsAndBlankLinesAreTaken) {
    const Log log = read("#[BaseTime: 100.0 (seconds since epoch)]\r\n\r\n1.0,1.0,1," + payload() + "\r\n");
    ASSERT_EQ(log.intervals.size(), 1U) << log.error;
    EXPECT_EQ(log.intervals[0].start.unix_ns, 101'000'000'000);
}

// -- The trap: the end where the length belongs.

TEST(HdrLogTrap, ALegendThatSaysEndIsBelieved) {
    const Log log = read(
        "\"StartTimestamp\",\"EndTimestamp\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n"
        "5.000,6.500,1," +
        payload() + "\n");
    ASSERT_EQ(log.intervals.size(), 1U) << log.error;
    EXPECT_EQ(log.intervals[0].length, 1500ms);
    EXPECT_TRUE(log.reader.lengths_were_ends());
}

TEST(HdrLogTrap, AnAbsoluteLengthIsAnEnd) {
    const Log log = read("1700000000.250,1700000001.250,1," + payload() + "\n");
    ASSERT_EQ(log.intervals.size(), 1U) << log.error;
    EXPECT_EQ(log.intervals[0].length, 1s);
    EXPECT_TRUE(log.reader.lengths_were_ends());
}

TEST(HdrLogTrap, AnEndBeforeItsStartIsAnError) {
    EXPECT_EQ(read("\"StartTimestamp\",\"EndTimestamp\"\n5.000,4.000,1," + payload()).error,
              "line 2: the interval ends at 4.000 before its start 5.000");
}

TEST(HdrLogTrap, RelativeEndsAreReportedAndKept) {
    std::string text;
    for (int i = 0; i < 5; ++i)
        text += std::to_string(i) + ".000," + std::to_string(i + 1) + ".000,1," + payload() + "\n";
    const Log log = read(text);
    ASSERT_EQ(log.intervals.size(), 5U) << log.error;
    EXPECT_EQ(log.intervals[4].length, 5s);
    EXPECT_FALSE(log.reader.lengths_were_ends());
    EXPECT_THAT(log.reader.warning(), testing::StartsWith("line 3: the second field looks like the end"));
}

TEST(HdrLogTrap, OverlappingIntervalsOfDifferentTagsAreFine) {
    const Log log = read("Tag=a,1.0,2.0,1," + payload() + "\nTag=b,2.0,3.0,1," + payload() + "\n");
    EXPECT_EQ(log.intervals.size(), 2U) << log.error;
    EXPECT_EQ(log.reader.warning(), "");
}

// -- Bad input.

TEST(HdrLogErrors, NameLineAndField) {
    const auto error = [](const std::string& text) { return read(text).error; };
    EXPECT_EQ(error("#x\n\nnonsense\n"),
              "line 3: expected start, interval length, maximum and histogram, separated by commas");
    EXPECT_EQ(error("x,1,1," + payload()), "line 1: bad start \"x\": expected seconds such as 12.000");
    EXPECT_EQ(error("nan,1,1," + payload()), "line 1: bad start \"nan\": expected seconds such as 12.000");
    EXPECT_EQ(error("1e300,1,1," + payload()),
              "line 1: bad start \"1e300\": expected seconds such as 12.000");
    EXPECT_EQ(error("1,-1,1," + payload()),
              "line 1: bad interval length \"-1\": expected seconds such as 1.000");
    EXPECT_EQ(error("1,1 s,1," + payload()),
              "line 1: bad interval length \"1 s\": expected seconds such as 1.000");
    EXPECT_EQ(error("1,1,max," + payload()), "line 1: bad maximum \"max\": expected a number");
    EXPECT_EQ(error("1,1,1,HISTFAAA*"), "line 1: HDR histogram: not valid base64");
    EXPECT_EQ(error("1,1,1,HISTFAAA"),
              "line 1: HDR histogram: byte 6: the header ends early; expected 8 bytes");
    EXPECT_EQ(error("Tag=a b,1,1,1," + payload()),
              "line 1: bad tag \"a b\": at most 1024 characters without spaces");
    EXPECT_EQ(
        error("#[StartTime: yesterday]\n"),
        "line 1: bad StartTime \"yesterday\": expected seconds since the epoch, such as 1700000000.000");
    EXPECT_EQ(error("#[BaseTime: inf]\n"),
              "line 1: bad BaseTime \"inf\": expected seconds since the epoch, such as 1700000000.000");
    EXPECT_EQ(error("#[BaseTime: 4500000000]\n4500000000,1,1," + payload()),
              "line 2: start \"4500000000\" plus the base time is out of range");
}

TEST(HdrLogErrors, ReadingGoesOnAfterABadLine) {
    HdrLogReader reader;
    EXPECT_FALSE(reader.read_line("1,1,1,broken"));
    const Result<std::optional<LogInterval>> next = reader.read_line("2,1,1," + payload());
    ASSERT_TRUE(next);
    ASSERT_TRUE(next->has_value());
    EXPECT_EQ((*next)->histogram.count(), 10U);
    EXPECT_EQ(reader.lines(), 2U);
}

}  // namespace
}  // namespace loadgen::stats
