#include <gtest/gtest.h>

#include "tests/unit/runlog/samples.hpp"

namespace loadgen::runlog {
namespace {

constexpr std::string_view kGood =
    "1700000000123456789,200,1500000,1,2,err,AAE=,name,7,GET,http://h/,QTogMQ0KDQo=\n";

std::string with_field(std::size_t column, std::string_view text) {
    std::string row;
    std::string_view rest = kGood.substr(0, kGood.size() - 1);
    for (std::size_t i = 1; i <= 12; ++i) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        row += i == column ? text : rest.substr(0, comma);
        if (i < 12) row += ',';
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return row + "\n";
}

TEST(CsvResults, ReadTheTwelveColumns) {
    const ReadBack back = read_back(kGood);
    EXPECT_EQ(back.error, "");
    ASSERT_EQ(back.records.size(), 1U);
    const Record& record = back.records[0];
    EXPECT_EQ(record.timestamp.unix_ns, 1700000000123456789);
    EXPECT_EQ(record.code, 200);
    EXPECT_EQ(record.latency, Nanos(1500000));
    EXPECT_EQ(record.bytes_out, 1U);
    EXPECT_EQ(record.bytes_in, 2U);
    EXPECT_EQ(record.error, "err");
    EXPECT_EQ(record.body, std::string("\0\1", 2));
    EXPECT_EQ(record.attack, "name");
    EXPECT_EQ(record.seq, 7U);
    EXPECT_EQ(record.method, "GET");
    EXPECT_EQ(record.url, "http://h/");
    EXPECT_EQ(record.headers, (HeaderMap{{"A", {"1"}}}));
}

TEST(CsvResults, NameLineColumnAndMeaning) {
    const std::string good(kGood);
    const auto error = [&](const std::string& second) { return read_back(good + second).error; };
    const std::string start = "input: record 2 at byte " + std::to_string(good.size()) + ": line 2, ";
    EXPECT_EQ(error(with_field(2, "ok")),
              start + "column 2 (status code): found \"ok\", expected a number from 0 to 65535");
    EXPECT_EQ(error(with_field(2, "70000")),
              start + "column 2 (status code): found \"70000\", expected a number from 0 to 65535");
    EXPECT_EQ(error(with_field(3, "1ms")),
              start + "column 3 (latency in ns): found \"1ms\", expected a whole number of nanoseconds");
    EXPECT_EQ(error(with_field(5, "-1")),
              start + "column 5 (bytes in): found \"-1\", expected a whole number of 0 or more");
    EXPECT_EQ(error(with_field(7, "A")), start + "column 7 (base64 body): found \"A\", expected base64 text");
    EXPECT_EQ(error(with_field(12, "QQ==")),
              start + "column 12 (base64 headers): found header line \"A\", expected \"Name: value\"");
    EXPECT_EQ(error("1,2,3\n"), start + "found 3 columns, expected 12");
}

TEST(CsvResults, LastLineNeedsNoLineBreak) {
    EXPECT_EQ(read_back(kGood.substr(0, kGood.size() - 1)).records.size(), 1U);
}

}  // namespace
}  // namespace loadgen::runlog
