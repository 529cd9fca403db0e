#include "common/stats/hgrm.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "common/stats/hdr_codec.hpp"
#include "tests/unit/stats/hdr_data.hpp"

namespace loadgen::stats {
namespace {

using namespace std::chrono_literals;

TEST(HgrmOut, IsTheReferencesTableByteForByte) {
    const Result<DecodedHdr> decoded = decode_hdr_base64(hdr_data::read_base64("java-nanos.b64"));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(format_hgrm(decoded->histogram), hdr_data::read("java-nanos.hgrm"));
}

TEST(HgrmOut, OfNothingIsTheReferencesEmptyTable) {
    EXPECT_EQ(format_hgrm(Histogram()), hdr_data::read("java-empty.hgrm"));
}

TEST(HgrmOut, UnitAndTicksAreChosenByTheCaller) {
    // The deviation is that of the bucket middles: (2499.584 - 1499.648) / 2.
    Histogram histogram;
    histogram.record(1500us);
    histogram.record(2500us);
    const std::string table = format_hgrm(histogram, {.ticks_per_half_distance = 1, .unit_ns = 1e3});
    EXPECT_EQ(table,
              "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"
              "    1500.159 0.000000000000          1           1.00\n"
              "    1500.159 0.500000000000          1           2.00\n"
              "    2500.000 0.750000000000          2           4.00\n"
              "    2500.000 1.000000000000          2\n"
              "#[Mean    =     2000.000, StdDeviation   =      499.968]\n"
              "#[Max     =     2500.000, Total count    =            2]\n"
              "#[Buckets =           26, SubBuckets     =         2048]\n");
}

TEST(HgrmOut, EndsForMoreSamplesThanADoubleCanTell) {
    Histogram histogram;
    histogram.record_n(1ms, std::uint64_t{1} << 62);
    histogram.record(2ms);
    EXPECT_LT(format_hgrm(histogram).size(), 40'000U);
    EXPECT_LT(format_hgrm(histogram, {.ticks_per_half_distance = 1'000'000}).size(), 8'000'000U);
}

TEST(HgrmIn, ReadsTheReferencesTable) {
    const Result<Hgrm> table = parse_hgrm(hdr_data::read("java-nanos.hgrm"));
    ASSERT_TRUE(table) << table.error().message;
    EXPECT_TRUE(table->has_footer);
    EXPECT_EQ(table->total_count, 5000U);
    EXPECT_DOUBLE_EQ(table->max, 255.853);
    EXPECT_DOUBLE_EQ(table->mean, 31.660);
    EXPECT_DOUBLE_EQ(table->standard_deviation, 51.004);
    const auto facts = hdr_data::facts("java-nanos.facts");
    ASSERT_GT(table->points.size(), 20U);
    EXPECT_EQ(table->points.front().percentile, 0.0);
    EXPECT_EQ(table->points.back().percentile, 1.0);
    EXPECT_EQ(table->points.back().total_count, facts.count);
    int found = 0;
    for (const HgrmPoint& point : table->points) {
        const auto fact = facts.percentiles.find(point.percentile * 100);
        if (fact == facts.percentiles.end()) continue;
        EXPECT_NEAR(point.value, static_cast<double>(fact->second) / 1e6, 0.0005);
        ++found;
    }
    EXPECT_GE(found, 3);  // 50, 75 and 100 are on both lists
}

TEST(HgrmIn, ReadsWhatVegetaPrints) {
    // The columns of vegeta's hdrplot report: no blank line, no footer, percentile to 6 digits.
    const Result<Hgrm> table = parse_hgrm(
        "Value(ms)  Percentile  TotalCount  1/(1-Percentile)\n"
        "0.076715   0.000000    0           1.000000\n"
        "0.439439   0.100000    55          1.111111\n"
        "4.158101   0.999990    552         100000.000000\n"
        "4.158101   1.000000    552         10000000.000000\n");
    ASSERT_TRUE(table) << table.error().message;
    ASSERT_EQ(table->points.size(), 4U);
    EXPECT_EQ(table->points[1].value, 0.439439);
    EXPECT_EQ(table->points[1].total_count, 55U);
    EXPECT_FALSE(table->has_footer);
    EXPECT_EQ(table->total_count, 552U);
}

TEST(HgrmIn, ReadsCommasInfinityAndCarriageReturns) {
    const Result<Hgrm> table = parse_hgrm(
        "\"Value\",\"Percentile\",\"TotalCount\",\"1/(1-Percentile)\"\r\n"
        "1.5,0.0,1,1.00\r\n"
        "2.5,1.0,2,Infinity\r\n");
    ASSERT_TRUE(table) << table.error().message;
    ASSERT_EQ(table->points.size(), 2U);
    EXPECT_EQ(table->points[1].value, 2.5);
}

TEST(HgrmIn, AnEmptyTableIsAnError) {
    EXPECT_EQ(parse_hgrm("").error().message, "line 0: no rows; expected a percentile table");
    EXPECT_EQ(parse_hgrm(hdr_data::read("java-empty.hgrm")).error().message,
              "line 5: no rows; expected a percentile table");
}

TEST(HgrmIn, ErrorsNameLineAndField) {
    const auto message = [](const std::string& text) {
        const Result<Hgrm> table = parse_hgrm(text);
        return table ? "parsed" : table.error().message;
    };
    EXPECT_EQ(message("Value Percentile\n\n1.0 0.5 7\nx 0.6 8\n"),
              "line 4: bad Value \"x\": expected a number");
    EXPECT_EQ(message("inf 0.5 7"), "line 1: bad Value \"inf\": expected a number");
    EXPECT_EQ(message("1 1.5 7"), "line 1: bad Percentile \"1.5\": expected a number from 0 to 1");
    EXPECT_EQ(message("1 nan 7"), "line 1: bad Percentile \"nan\": expected a number from 0 to 1");
    EXPECT_EQ(message("1 0.5"), "line 1: bad TotalCount \"\": expected a whole number");
    EXPECT_EQ(message("1 0.5 -7"), "line 1: bad TotalCount \"-7\": expected a whole number");
    EXPECT_EQ(message("1 0.5 7\n1 0.4 8"),
              "line 2: bad Percentile \"0.4\": expected no less than the row above");
    EXPECT_EQ(message("2 0.5 7\n1 0.6 8"), "line 2: bad Value \"1\": expected no less than the row above");
    EXPECT_EQ(message("1 0.5 7\n#[Mean = , StdDeviation = 1]"), "line 2: bad Mean \"\": expected a number");
    EXPECT_EQ(message("1 0.5 7\n#[Max = 1, Total count = many]"),
              "line 2: bad Total count \"many\": expected a whole number");
}

TEST(HgrmIn, TheNumberOfRowsIsLimited) {
    std::string text;
    for (int i = 0; i <= 1'000'000; ++i) text += "1 1 1\n";
    EXPECT_EQ(parse_hgrm(text).error().message, "line 1000001: more than 1000000 rows");
}

}  // namespace
}  // namespace loadgen::stats
